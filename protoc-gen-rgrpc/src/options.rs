//! The option table in, the text that `options` prints out.

use std::fmt::Write as _;

use rgrpc_codegen::OPTIONS;

pub(crate) fn table() -> String {
    let mut text = String::new();
    for option in OPTIONS {
        let _ = write!(text, "{}={}\n    {}\n\n", option.name, option.value, option.help);
    }
    text + "An option is the same wherever it is said:
    protoc-gen-rgrpc generate --opt server=false
    protoc --rgrpc_opt=server=false
    buf.gen.yaml: opt: [server=false]
    build.rs: rgrpc_build::configure().option(\"server\", \"false\")
"
}
