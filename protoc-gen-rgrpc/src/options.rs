//! The option table in, the text that `options` prints out: each option, what it does, and how it could be written.

use std::fmt::Write as _;

use anstyle::Style;
use rgrpc_codegen::OPTIONS;

const STRONG: Style = Style::new().bold();

pub(crate) fn table() -> String {
    let mut text = String::new();
    for option in OPTIONS {
        let (usage, example) = (format!("{}={}", option.name, option.value), option.example());
        let _ = write!(text, "{STRONG}{usage}{STRONG:#}\n    {}\n    {example}\n\n", option.help());
    }
    text + "A <path> is `.` for everything; `.user.v1` or `.user.v1.User` for what has that name and all in it; or the end of
a full name, `User` or `User.name`. For clients and servers it is that of a service or its package.

An option is the same wherever it is said; a plugin takes `\\,` for a comma in a value:
    protoc-gen-rgrpc generate --opt build_server=false
    protoc --rgrpc_opt=build_server=false
    buf.gen.yaml: opt: [build_server=false]
    build.rs: rgrpc_build::configure().option(\"server\", \"false\")
"
}
