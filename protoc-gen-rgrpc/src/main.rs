//! A request of protoc or buf on standard input, or a command of a person; files, a report and an exit code out.

mod arguments;
mod breaking;
mod descriptors;
mod differences;
mod errors;
mod json;
mod manual;
mod options;
mod output;
mod progress;
mod project;
mod report;
mod response;
mod watch;

use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use rgrpc_build::Difference;
use rgrpc_codegen::plugin;

use arguments::{Arguments, Command, Format, Gate, Job, Set};
use errors::Failure;

/// Something on disk is not as it should be, or a change breaks; a plugin knows no other failure.
const DIFFERENT: u8 = 1;

/// The input is wrong, or the machine refuses; the parser of arguments exits with it too.
const BROKEN: u8 = 2;

fn main() -> ExitCode {
    if std::env::args_os().len() <= 1 && !io::stdin().is_terminal() {
        return answer()
            .map_or_else(|error| fail(&Failure::Program(error), Format::Text, DIFFERENT), |()| ExitCode::SUCCESS);
    }
    let said: Vec<OsString> = std::env::args_os().collect();
    let arguments = match response::expand(said.iter().cloned()) {
        Ok(arguments) => arguments,
        Err(error) => return fail(&Failure::Program(error), Format::of(&said), BROKEN),
    };
    let command = match Arguments::try_parse_from(&arguments) {
        Ok(parsed) => parsed.command,
        Err(error) if is_refused(&error) && Format::of(&arguments) == Format::Json => {
            return fail(&Failure::Program(errors::refusal(&error)), Format::Json, BROKEN);
        }
        Err(error) => error.exit(),
    };
    let (done, format) = match command {
        Command::Generate { job, watch: true, .. } => (watch::watch(&job), job.report.format),
        Command::Generate { job, dry_run, .. } => (generate(&job, dry_run), job.report.format),
        Command::Check(job) => (check(&job), job.report.format),
        Command::Breaking(gate) => (breaking(&gate), gate.report.format),
        Command::Descriptors(set) => return described(&set),
        Command::Options => (printed(&options::table()), Format::Text),
        Command::Rules { format } => (printed(&breaking::rules(format)), format),
        Command::Completions { shell } => (printed(&manual::completions(shell)), Format::Text),
        Command::Man { out } => (manual::pages(out.as_deref()).map(|()| ExitCode::SUCCESS), Format::Text),
    };
    done.unwrap_or_else(|failure| fail(&failure, format, BROKEN))
}

/// Whether the parser has an error, and not the help or the version to print.
fn is_refused(error: &clap::Error) -> bool {
    error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
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

fn printed(text: &str) -> Result<ExitCode, Failure> {
    output::text(text)?;
    Ok(ExitCode::SUCCESS)
}

fn generate(job: &Job, dry_run: bool) -> Result<ExitCode, Failure> {
    let mut project = job.project()?;
    project.builder = project.builder.dry_run(dry_run);
    let written = progress::shown("generating", || project.write())?;
    job.report.written(&written)?;
    Ok(ExitCode::SUCCESS)
}

fn check(job: &Job) -> Result<ExitCode, Failure> {
    let project = job.project()?;
    let differences = progress::shown("comparing", || project.compare())?;
    let program = std::env::args().next().unwrap_or_else(|| env!("CARGO_BIN_NAME").to_owned());
    let prune = differences.iter().any(Difference::needs_prune);
    job.report.differences(&differences, &job.command_line(&program, prune))?;
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}

fn breaking(gate: &Gate) -> Result<ExitCode, Failure> {
    let project = gate.project()?;
    let against = project.against.clone().unwrap_or_default();
    let changes = progress::shown("comparing", || project.breaking_changes())?;
    gate.report.changes(&changes, &against.to_string_lossy())?;
    Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}

fn described(set: &Set) -> ExitCode {
    match progress::shown("compiling", || descriptors::write(set)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print_lines(set.report.format);
            ExitCode::from(BROKEN)
        }
    }
}

fn fail(failure: &Failure, format: Format, code: u8) -> ExitCode {
    failure.print(format);
    ExitCode::from(code)
}
