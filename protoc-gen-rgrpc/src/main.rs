//! A request of protoc or buf on standard input, or a command of a person; files, a report and an exit code out.

mod arguments;
mod breaking;
mod descriptors;
mod errors;
mod options;
mod output;
mod progress;
mod report;

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::process::ExitCode;

use clap::Parser;
use rgrpc_build::Difference;
use rgrpc_codegen::plugin;

use arguments::{Arguments, Command, Gate, Input, Job, Set};

/// Something on disk is not as it should be, or a change breaks; a plugin knows no other failure.
const DIFFERENT: u8 = 1;

/// The input is wrong, or the machine refuses; the parser of arguments exits with it too.
const BROKEN: u8 = 2;

fn main() -> ExitCode {
    if std::env::args_os().len() <= 1 && !io::stdin().is_terminal() {
        return answer().map_or_else(|error| fail(&error, DIFFERENT), |()| ExitCode::SUCCESS);
    }
    let done = match Arguments::parse().command {
        Command::Generate(job) => generate(&job).map(|()| ExitCode::SUCCESS),
        Command::Check(job) => check(&job),
        Command::Breaking(gate) => breaking(&gate),
        Command::Descriptors(set) => return described(&set),
        Command::Options => output::text(&options::table()).map(|()| ExitCode::SUCCESS),
        Command::Rules { format } => output::text(&breaking::rules(format)).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| fail(&error, BROKEN))
}

fn answer() -> Result<(), String> {
    let mut request = Vec::new();
    io::stdin().lock().read_to_end(&mut request).map_err(|error| format!("cannot read standard input: {error}"))?;
    let reply = plugin::run(request, read_text).map_err(|errors| errors.to_string())?;
    reply.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    output::bytes(&reply.response)
}

fn read_text(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| error.to_string())
}

fn generate(job: &Job) -> Result<(), String> {
    let (builder, input) = (job.builder(), job.sources.input()?);
    let result = progress::shown("generating", || match input {
        Input::Protos(files) => builder.write_protos(files, &job.sources.includes),
        Input::DescriptorSet(set, files) => builder.files(&files).write_descriptor_set(set),
    });
    eprintln!("{}", result.map_err(|error| errors::text(&error))?);
    Ok(())
}

fn check(job: &Job) -> Result<ExitCode, String> {
    let (builder, input) = (job.builder(), job.sources.input()?);
    let result = progress::shown("comparing", || match input {
        Input::Protos(files) => builder.compare_protos(files, &job.sources.includes),
        Input::DescriptorSet(set, files) => builder.files(&files).compare_descriptor_set(set),
    });
    let differences = result.map_err(|error| errors::text(&error))?;
    if differences.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let program = std::env::args().next().unwrap_or_else(|| env!("CARGO_BIN_NAME").to_owned());
    let prune = differences.iter().any(Difference::needs_prune);
    output::text(&report::text(&differences, &job.command_line(&program, prune)))?;
    Ok(ExitCode::from(DIFFERENT))
}

fn breaking(gate: &Gate) -> Result<ExitCode, String> {
    let (builder, input) = (gate.sources.builder(), gate.sources.input()?);
    let result = progress::shown("comparing", || match input {
        Input::Protos(files) => breaking::against(builder, gate).compare_protos(files, &gate.sources.includes),
        Input::DescriptorSet(set, files) => breaking::against(builder.files(&files), gate).compare_descriptor_set(set),
    });
    let changes = result.map_err(|error| errors::text(&error))?;
    output::text(&breaking::text(&changes, gate))?;
    Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}

fn described(set: &Set) -> ExitCode {
    match progress::shown("compiling", || descriptors::write(set)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("{}", errors::lines(&error));
            ExitCode::from(BROKEN)
        }
    }
}

fn fail(error: &str, code: u8) -> ExitCode {
    anstream::eprintln!("protoc-gen-rgrpc: {error}");
    ExitCode::from(code)
}
