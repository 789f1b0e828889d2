//! Completion scripts and manual pages, derived from the definition of the command line.

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::errors::Failure;
use crate::output;

pub(crate) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), env!("CARGO_BIN_NAME"), &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Prints the manual page of the program, or writes one page per command to a folder.
pub(crate) fn write_pages(folder: Option<&Path>) -> Result<(), Failure> {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Arguments::command()).render(&mut page).map_err(|error| error.to_string())?;
        return Ok(output::bytes(&page)?);
    };
    let pages = || clap_mangen::generate_to(Arguments::command(), folder);
    let failure = |error| format!("cannot write to `{}`: {error}", folder.display());
    Ok(fs::create_dir_all(folder).and_then(|()| pages()).map_err(failure)?)
}
