//! `interop serve ADDRESS [CERT KEY]` prints its target, and serves until standard input ends. No call may be left open then.
//! `interop call TARGET CA CASE...` runs cases, and prints one line for each. ADDRESS is `tcp` or `unix:PATH`; CA is `-` without TLS.

use std::error::Error;
use std::fs;
use std::process::ExitCode;

use interop::client::{self, CASES};
use interop::server;
use interop::target::Target;
use rgrpc::tls::ServerTls;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", address] => server::run(address, None).await,
        ["serve", address, certificate, key] => {
            server::run(address, Some(ServerTls::from_files(certificate, key))).await
        }
        ["call", target, ca, ref cases @ ..] => {
            let ca = if ca == "-" { None } else { Some(fs::read(ca)?) };
            Ok(call(&Target::new(target, ca), cases).await)
        }
        _ => Err("usage: interop serve ADDRESS [CERT KEY] | interop call TARGET CA CASE...".into()),
    }
}

async fn call(target: &Target, cases: &[&str]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for name in cases {
        let outcome = match CASES.iter().find(|case| case.name == *name) {
            Some(case) => client::run(case, target).await,
            None => Err("unknown case".into()),
        };
        match outcome {
            Ok(None) => println!("{name} ok"),
            Ok(Some(note)) => println!("{name} ok* {note}"),
            Err(error) => {
                println!("{name} FAILED {}", error.to_string().replace('\n', " "));
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
