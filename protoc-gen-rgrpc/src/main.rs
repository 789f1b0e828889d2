//! A request of protoc or buf on standard input, the response on standard output.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use rgrpc_codegen::{OPTIONS, plugin};

fn main() -> ExitCode {
    let result = match std::env::args().nth(1).as_deref() {
        None => answer(),
        Some("--version") => write(format!("protoc-gen-rgrpc {}\n", env!("CARGO_PKG_VERSION")).as_bytes()),
        Some("--help" | "-h") => write(help().as_bytes()),
        Some(argument) => Err(format!("unknown argument `{argument}`\n  help: try --help")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("protoc-gen-rgrpc: {error}");
            ExitCode::FAILURE
        }
    }
}

fn answer() -> Result<(), String> {
    let mut request = Vec::new();
    io::stdin().lock().read_to_end(&mut request).map_err(|error| format!("cannot read standard input: {error}"))?;
    let reply = plugin::run(&request).map_err(|errors| errors.to_string())?;
    reply.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    write(&reply.response)
}

fn write(bytes: &[u8]) -> Result<(), String> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| format!("cannot write standard output: {error}"))
}

fn help() -> String {
    let mut help = String::from(
        "Generates Rust gRPC clients, servers and messages. protoc and buf run this program:\n\n  \
         protoc --rgrpc_out=<folder> --rgrpc_opt=<option>=<value> -I <folder> <files>\n\n\
         Options:\n",
    );
    for option in OPTIONS {
        let usage = format!("{}={}", option.name, option.value);
        help.extend(["  ", &format!("{usage:<32}"), option.help, "\n"]);
    }
    help
}
