//! The error for an unknown option, which tells where to set it if it belongs to another entry point or another generator.

use rgrpc_schema::{Diagnostic, nearest::suggestion};

use super::table::OPTIONS;

/// Settings of only some entry points (plugin, build script, command line), and options of other generators, each with the help.
const KNOWN_ELSEWHERE: &[(&[&str], &str)] = &[
    (&["client", "no_client"], "write `build_client=false` to leave clients out"),
    (&["server", "no_server"], "write `build_server=false` to leave servers out"),
    (&["descriptor_set", "file_descriptor_set"], "write `embed_descriptor_set=true` to embed the descriptors"),
    (
        &["out", "out_dir", "output"],
        "set the output folder with protoc's --rgrpc_out, buf's `out`, the command line's --out or out_dir of the build.rs builder",
    ),
    (&["include", "includes", "proto_path"], "pass the include folders with -I, or as an argument of compile_protos"),
    (
        &["protoc", "protoc_arg"],
        "call the method of this name on the build.rs builder; on the command line, set the environment variable PROTOC",
    ),
    (
        &["file_descriptor_set_path"],
        "call file_descriptor_set_path on the build.rs builder, or write `embed_descriptor_set=true` to embed the descriptors",
    ),
    (&["files"], "call files on the build.rs builder; elsewhere, pass the files as arguments"),
    (
        &["prune", "clean"],
        "pass --prune on the command line, or call prune on the build.rs builder; a plugin cannot remove files",
    ),
    (&["strategy"], "set `strategy` in buf.gen.yaml, next to `opt`"),
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
