//! `interop serve WHERE [CERT KEY]` prints its target and serves until its input ends, when no call may be left open;
//! `interop call TARGET CA CASE...` prints an outcome for each case. WHERE is `tcp`, or `unix:` and a path; CA is `-` without TLS.

use std::error::Error;
use std::fs;
use std::process::ExitCode;

use interop::client::{self, CASES};
use interop::server;
use interop::target::Target;
use rgrpc::tls::ServerTls;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", place] => server::run(place, None).await,
        ["serve", place, certificate, key] => server::run(place, Some(ServerTls::from_files(certificate, key))).await,
        ["call", target, ca, ref cases @ ..] => {
            let ca = if ca == "-" { None } else { Some(fs::read(ca)?) };
            Ok(call(&Target::new(target, ca), cases).await)
        }
        _ => Err("usage: interop serve WHERE [CERT KEY] | interop call TARGET CA CASE...".into()),
    }
}

async fn call(target: &Target, cases: &[&str]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for name in cases {
        let outcome = match CASES.iter().find(|case| case.name == *name) {
            Some(case) => client::run(case, target).await,
            None => Err("there is no such case".into()),
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
