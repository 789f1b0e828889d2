//! The name of no option in, an error out that says which door has a word of its own for what was meant.

use rgrpc_schema::{Diagnostic, nearest::suggestion};

use super::table::OPTIONS;

/// Suggestions of one door, for words that the other doors know.
const OWN_WORDS: &[(&[&str], &str)] = &[
    (&["client", "no_client"], "write `build_client=false` to leave clients out"),
    (&["server", "no_server"], "write `build_server=false` to leave servers out"),
    (&["descriptor_set", "file_descriptor_set"], "write `embed_descriptor_set=true` to embed the descriptors"),
    (
        &["out", "out_dir", "output"],
        "the folder is protoc's --rgrpc_out, buf's `out`, the command line's --out, and out_dir of the build.rs builder",
    ),
    (&["include", "includes", "proto_path"], "the folders to import from are -I, and an argument of compile_protos"),
    (&["protoc", "protoc_arg"], "only the build.rs builder runs a protoc of its own; PROTOC names one for all"),
    (&["file_descriptor_set_path"], "only the build.rs builder writes one; `embed_descriptor_set` embeds it"),
    (&["files"], "only the build.rs builder selects files of a set so; elsewhere they are arguments"),
    (
        &["prune", "clean"],
        "the command line's --prune and prune of the build.rs builder say it; a plugin does not see the folder",
    ),
    (&["strategy"], "it is a key of buf.gen.yaml, beside `opt`"),
];

/// The error for a name that the table does not have.
pub(super) fn unknown(name: &str) -> Diagnostic {
    if let Some((_, meaning)) = OWN_WORDS.iter().find(|(words, _)| words.contains(&name)) {
        return Diagnostic::new(format!("`{name}` is not an option of the generator")).help(*meaning);
    }
    let names = || OPTIONS.iter().map(|spec| spec.name);
    let list = || format!("the options are {}", names().collect::<Vec<_>>().join(", "));
    Diagnostic::new(format!("unknown option `{name}`")).help(suggestion(name, names()).unwrap_or_else(list))
}
