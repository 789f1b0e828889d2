//! A request of protoc or buf on standard input, or a command of a person; files, a report and an exit code out.

mod arguments;
mod options;
mod output;
mod progress;

use std::io::{self, IsTerminal, Read};
use std::process::ExitCode;

use clap::Parser;
use rgrpc_codegen::plugin;

use arguments::{Arguments, Command, Input, Job};

/// What a command could not do, because its input is wrong or the machine refuses.
const BROKEN: u8 = 2;

fn main() -> ExitCode {
    if std::env::args_os().len() <= 1 && !io::stdin().is_terminal() {
        return answer().map_or_else(|error| fail(&error, 1), |()| ExitCode::SUCCESS);
    }
    let done = match Arguments::parse().command {
        Command::Generate(job) => generate(&job),
        Command::Options => output::write(options::table().as_bytes()),
    };
    done.map_or_else(|error| fail(&error, BROKEN), |()| ExitCode::SUCCESS)
}

fn answer() -> Result<(), String> {
    let mut request = Vec::new();
    io::stdin().lock().read_to_end(&mut request).map_err(|error| format!("cannot read standard input: {error}"))?;
    let reply = plugin::run(&request).map_err(|errors| errors.to_string())?;
    reply.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    output::write(&reply.response)
}

fn generate(job: &Job) -> Result<(), String> {
    let (builder, input) = (job.builder(), job.input()?);
    let result = progress::shown("generating", || match input {
        Input::Protos(files) => builder.compile_protos(files, &job.includes),
        Input::DescriptorSet(set, files) => builder.files(&files).compile_descriptor_set(set),
    });
    result.map_err(|error| error.to_string())
}

fn fail(error: &str, code: u8) -> ExitCode {
    eprintln!("protoc-gen-rgrpc: {error}");
    ExitCode::from(code)
}
