//! `generate --watch`: generates again whenever an input changes.

use std::process::ExitCode;
use std::time::Duration;

use rgrpc_build::Inputs;

use crate::arguments::GenerateArgs;
use crate::errors::Failure;
use crate::{output, progress};

/// The interval at which inputs are checked, short enough to feel immediate.
const PERIOD: Duration = Duration::from_millis(200);

/// Generates until the process is killed, or the reader of standard output closes the pipe. Fails if the command line is invalid, or if a
/// run fails before it reads any input, because then no change could resolve the error.
pub(crate) fn watch(args: &GenerateArgs) -> Result<ExitCode, Failure> {
    args.sources.check_options()?;
    while !output::is_closed() {
        let mut inputs = Inputs::default();
        let result = generate(args, &mut inputs);
        if inputs.is_empty() {
            return result.map(|()| ExitCode::SUCCESS);
        }
        if let Err(failure) = result {
            failure.print(args.report.format);
        }
        if !output::is_closed() {
            inputs.wait_for_change(PERIOD);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Generates and reports once, and adds the paths that the run depends on to the inputs.
fn generate(args: &GenerateArgs, inputs: &mut Inputs) -> Result<(), Failure> {
    args.sources.file().iter().for_each(|path| inputs.add(path));
    let project = args.project()?;
    let written = progress::show_while("generating", || project.write_tracking(inputs))?;
    Ok(args.report.written(&written)?)
}
