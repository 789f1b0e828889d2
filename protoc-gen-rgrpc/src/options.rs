//! Formats the list of options of the generator, each with its help and an example.

use std::fmt::Write as _;

use rgrpc_codegen::OPTIONS;

use crate::style::BOLD;

pub(crate) fn table() -> String {
    let mut text = String::new();
    for option in OPTIONS {
        let (usage, example) = (format!("{}={}", option.name, option.value), option.example());
        let _ = write!(text, "{BOLD}{usage}{BOLD:#}\n    {}\n    {example}\n\n", option.help());
    }
    text + "A <path> is `.` for everything; a full name, `.user.v1` or `.user.v1.User`, for that element and everything in it; or the end
of a full name, `User` or `User.name`, for all elements with such a name. For clients and servers, it is a service or a package.

Options are the same for all entry points. In an option of a plugin, write `\\,` for a comma in a value:
    protoc-gen-rgrpc generate --opt build_server=false
    protoc --rgrpc_opt=build_server=false
    buf.gen.yaml: opt: [build_server=false]
    rgrpc.toml: options = { build_server = false }
    build.rs: rgrpc_build::configure().build_server(false)
"
}
