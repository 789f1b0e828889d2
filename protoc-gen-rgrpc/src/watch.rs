//! A job in; its files, written again whenever a file that it reads changes, out.

use std::process::ExitCode;
use std::time::Duration;

use rgrpc_build::Inputs;

use crate::arguments::Job;
use crate::errors::Failure;
use crate::{output, progress};

/// How often the files are looked at: soon enough for a person.
const PERIOD: Duration = Duration::from_millis(200);

/// Generates until the process is ended, or nobody reads what it prints. Fails if the command line is wrong, or if a run fails before it
/// looks for a file, so that no change of one could mend it.
pub(crate) fn watch(job: &Job) -> Result<ExitCode, Failure> {
    job.sources.check_options()?;
    while output::is_read() {
        let mut inputs = Inputs::default();
        let done = generate(job, &mut inputs);
        if inputs.is_empty() {
            return done.map(|()| ExitCode::SUCCESS);
        }
        if let Err(failure) = done {
            failure.print(job.report.format);
        }
        if output::is_read() {
            inputs.wait_for_change(PERIOD);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the files, and reports on it; what it reads, it adds to the inputs.
fn generate(job: &Job, inputs: &mut Inputs) -> Result<(), Failure> {
    job.sources.file().iter().for_each(|path| inputs.add(path));
    let project = job.project()?;
    let written = progress::shown("generating", || project.write_and_list(inputs))?;
    Ok(job.report.written(&written)?)
}
