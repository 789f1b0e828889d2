//! The error for an unknown option, with a suggestion for settings that only some entry points have.

use rgrpc_schema::{Diagnostic, nearest::suggestion};

use super::table::OPTIONS;

/// Names that mean something at another entry point or in another generator, with the help for whoever uses them here.
const KNOWN_ELSEWHERE: &[(&[&str], &str)] = &[
    (&["client", "no_client"], "write `build_client=false` to leave clients out"),
    (&["server", "no_server"], "write `build_server=false` to leave servers out"),
    (&["descriptor_set", "file_descriptor_set"], "write `embed_descriptor_set=true` to embed the descriptors"),
    (
        &["out", "out_dir", "output"],
        "set the output folder by protoc's --rgrpc_out, buf's `out`, the command line's --out or out_dir of the build.rs builder",
    ),
    (
        &["include", "includes", "proto_path"],
        "pass the folders to import from by -I, or as an argument of compile_protos",
    ),
    (
        &["protoc", "protoc_arg"],
        "only the build.rs builder has it; the environment variable PROTOC selects a protoc for the command line too",
    ),
    (
        &["file_descriptor_set_path"],
        "only the build.rs builder writes a descriptor set; `embed_descriptor_set` embeds one in the code",
    ),
    (&["files"], "only the build.rs builder has it; elsewhere, pass the files as arguments"),
    (
        &["prune", "clean"],
        "use the command line's --prune or prune of the build.rs builder; a plugin cannot see the output folder",
    ),
    (&["strategy"], "it is a key of buf.gen.yaml, beside `opt`"),
];

/// The error for a name that is not in the table.
pub(super) fn unknown(name: &str) -> Diagnostic {
    if let Some((_, help)) = KNOWN_ELSEWHERE.iter().find(|(names, _)| names.contains(&name)) {
        return Diagnostic::new(format!("`{name}` is not an option of the generator")).help(*help);
    }
    let names = || OPTIONS.iter().map(|spec| spec.name);
    let list = || format!("the options are {}", names().collect::<Vec<_>>().join(", "));
    Diagnostic::new(format!("unknown option `{name}`")).help(suggestion(name, names()).unwrap_or_else(list))
}
