//! A job in; its files, written again whenever what they are made of has changed, out.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use rgrpc_build::{Inputs, State};

use crate::arguments::Job;
use crate::errors::Failure;
use crate::progress;

/// How often the files are looked at: soon enough for a person, and seldom enough to cost nothing.
const PERIOD: Duration = Duration::from_millis(200);

/// Generates until the process is ended. Fails only if the first run reads no file, so that no change of one could better it.
pub(crate) fn watch(job: &Job) -> Result<ExitCode, Failure> {
    let mut inputs = Inputs::default();
    loop {
        let before = inputs.state();
        let (done, read) = generate(job);
        if read.is_empty() && inputs.is_empty() {
            return done.map(|()| ExitCode::SUCCESS);
        }
        if let Err(failure) = done {
            failure.print(job.report.format);
        }
        let is_known = read.is_empty() || read == inputs;
        if !read.is_empty() {
            inputs = read;
        }
        // What was edited during the run changes the state from before it.
        let before = if is_known { before } else { inputs.state() };
        wait_for_change(&inputs, &before);
    }
}

/// Writes the files, reports on it, and returns what was read.
fn generate(job: &Job) -> (Result<(), Failure>, Inputs) {
    let (written, mut inputs) = match job.project() {
        Ok(project) => progress::shown("generating", || project.write_and_list()),
        Err(error) => (Err(error), Inputs::default()),
    };
    job.sources.file().iter().for_each(|path| inputs.add(path));
    let reported = written.map_err(Failure::from).and_then(|written| Ok(job.report.written(&written)?));
    (reported, inputs)
}

/// Returns once the state is another one and stays so: an editor may write a file in several steps.
fn wait_for_change(inputs: &Inputs, before: &State) {
    let mut last = before.clone();
    loop {
        thread::sleep(PERIOD);
        let now = inputs.state();
        if now != *before && now == last {
            return;
        }
        last = now;
    }
}
