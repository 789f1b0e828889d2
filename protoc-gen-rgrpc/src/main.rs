//! The program, which is a plugin of protoc and buf without arguments, and a command line with them.

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
mod response_file;
mod style;
mod watch;

use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use rgrpc_build::Difference;
use rgrpc_codegen::plugin;

use arguments::{Arguments, BreakingArgs, Command, DescriptorsArgs, Format, GenerateArgs};
use errors::Failure;

/// The exit status if `check` or `breaking` finds something, or if the plugin fails.
const FOUND: u8 = 1;

/// The exit status if a command fails. clap uses it for invalid command lines.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    if std::env::args_os().len() <= 1 && !io::stdin().is_terminal() {
        return run_plugin()
            .map_or_else(|error| fail(&Failure::Program(error), Format::Text, FOUND), |()| ExitCode::SUCCESS);
    }
    let given: Vec<OsString> = std::env::args_os().collect();
    let arguments = match response_file::expand(given.iter().cloned()) {
        Ok(arguments) => arguments,
        Err(error) => return fail(&Failure::Program(error), Format::of(&given), FAILED),
    };
    let command = match Arguments::try_parse_from(&arguments) {
        Ok(parsed) => parsed.command,
        Err(error) if is_parse_error(&error) && Format::of(&arguments) == Format::Json => {
            return fail(&Failure::Program(errors::parse_error(&error)), Format::Json, FAILED);
        }
        Err(error) => error.exit(),
    };
    let (result, format) = match command {
        Command::Generate { args, watch: true, .. } => (watch::watch(&args), args.report.format),
        Command::Generate { args, dry_run, .. } => (generate(&args, dry_run), args.report.format),
        Command::Check(args) => (check(&args), args.report.format),
        Command::Breaking(args) => (breaking(&args), args.report.format),
        Command::Descriptors(args) => return write_descriptors(&args),
        Command::Options => (print(&options::table()), Format::Text),
        Command::Rules { format } => (print(&breaking::rules(format)), format),
        Command::Completions { shell } => (print(&manual::completions(shell)), Format::Text),
        Command::Man { out } => (manual::write_pages(out.as_deref()).map(|()| ExitCode::SUCCESS), Format::Text),
    };
    result.unwrap_or_else(|failure| fail(&failure, format, FAILED))
}

/// Whether clap found an error; it also returns an `Err` for `--help` and `--version`.
fn is_parse_error(error: &clap::Error) -> bool {
    error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

/// Answers the request on standard input.
fn run_plugin() -> Result<(), String> {
    let mut request = Vec::new();
    io::stdin().lock().read_to_end(&mut request).map_err(|error| format!("cannot read standard input: {error}"))?;
    let reply = plugin::run(request, read_text).map_err(|errors| errors.to_string())?;
    reply.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    output::bytes(&reply.response)
}

fn read_text(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| error.to_string())
}

fn print(text: &str) -> Result<ExitCode, Failure> {
    output::text(text)?;
    Ok(ExitCode::SUCCESS)
}

fn generate(args: &GenerateArgs, dry_run: bool) -> Result<ExitCode, Failure> {
    let mut project = args.project()?;
    project.builder = project.builder.dry_run(dry_run);
    let written = progress::show_while("generating", || project.write())?;
    args.report.written(&written)?;
    Ok(ExitCode::SUCCESS)
}

fn check(args: &GenerateArgs) -> Result<ExitCode, Failure> {
    let project = args.project()?;
    let differences = progress::show_while("comparing", || project.compare())?;
    let program = std::env::args().next().unwrap_or_else(|| env!("CARGO_BIN_NAME").to_owned());
    let prune = differences.iter().any(Difference::needs_prune);
    args.report.differences(&differences, &args.generate_command(&program, prune))?;
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn breaking(args: &BreakingArgs) -> Result<ExitCode, Failure> {
    let project = args.project()?;
    let against = project.against.clone().unwrap_or_default();
    let changes = progress::show_while("comparing", || project.breaking_changes())?;
    args.report.changes(&changes, &against.to_string_lossy())?;
    Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn write_descriptors(args: &DescriptorsArgs) -> ExitCode {
    match progress::show_while("compiling", || descriptors::write(args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print_lines(args.report.format);
            ExitCode::from(FAILED)
        }
    }
}

fn fail(failure: &Failure, format: Format, code: u8) -> ExitCode {
    failure.print(format);
    ExitCode::from(code)
}
