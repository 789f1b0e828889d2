//! Reads the files that options name, through a function of the caller.

use rgrpc_schema::{Diagnostic, Errors};

use super::table::Options;

impl Options {
    /// Reads the files that the options name. `read` returns the text at a path, or the reason for which it cannot.
    ///
    /// This crate does not touch the file system, so callers have to call this before they generate.
    ///
    /// # Errors
    /// Fails with all files that cannot be read.
    ///
    /// ```
    /// let mut options = rgrpc_codegen::Options::parse("service_config=user.json")?;
    /// options.read_files(|path| match path {
    ///     "user.json" => Ok(r#"{"methodConfig": [{"name": [{}], "timeout": "5s"}]}"#.to_owned()),
    ///     _ => Err("there is no such file".to_owned()),
    /// })?;
    /// # Ok::<_, rgrpc_codegen::Errors>(())
    /// ```
    pub fn read_files(&mut self, mut read: impl FnMut(&str) -> Result<String, String>) -> Result<(), Errors> {
        let mut errors = Errors::default();
        for file in self.service_config.iter_mut().filter(|file| file.text.is_none()) {
            match read(&file.path) {
                Ok(text) => file.text = Some(text),
                Err(reason) => errors.push(
                    Diagnostic::new(format!("cannot read `{}` of option `service_config`: {reason}", file.path))
                        .help("the path is relative to the folder that the generator is run in"),
                ),
            }
        }
        errors.finish()
    }
}
