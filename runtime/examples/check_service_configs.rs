//! Reads service configs and prints what is wrong with them: `check_service_configs [--gapic] <file>..`.

use std::error::Error;
use std::process::ExitCode;
use std::{env, fs};

use rgrpc::service_config::ServiceConfig;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut files: Vec<_> = env::args().skip(1).collect();
    let read = if files.first().is_some_and(|first| first == "--gapic") {
        files.remove(0);
        ServiceConfig::from_gapic_json
    } else {
        ServiceConfig::from_json
    };
    let mut refused = 0;
    for file in &files {
        match read(&fs::read_to_string(file)?) {
            Ok(config) => config.ignored().iter().for_each(|problem| println!("{file}: {problem}")),
            Err(error) => {
                refused += 1;
                error.problems().iter().for_each(|problem| println!("{file}: {problem}"));
            }
        }
    }
    println!("{} read, {refused} refused", files.len() - refused);
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
