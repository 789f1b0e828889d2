//! Sets options by name, and converts them from and to the parameter of a plugin.

use std::fmt;

use rgrpc_schema::{Diagnostic, Errors};

use super::suggestions;
use super::table::{OPTIONS, OptionSpec, Options};

impl Options {
    /// Sets an option of [`OPTIONS`] by name, or adds a value to a repeatable one. Without a value, a flag is set to `true`.
    ///
    /// # Errors
    /// Fails if there is no such option, if the value is invalid or missing, or if the option is set already and not repeatable.
    ///
    /// ```
    /// let mut options = rgrpc_codegen::Options::default();
    /// options.set("extern_path", Some(".common.v1=::common::v1"))?;
    /// options.set("type_attribute", Some(".user.v1.User=#[derive(PartialOrd)]"))?;
    /// assert!(options.set("cleint", Some("false")).is_err());
    /// # Ok::<_, rgrpc_codegen::Diagnostic>(())
    /// ```
    pub fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), Diagnostic> {
        let Some(spec) = OPTIONS.iter().find(|spec| spec.name == name) else {
            return Err(suggestions::unknown(name));
        };
        if self.given.contains(name) {
            return Err(Diagnostic::new(format!("option `{name}` is given twice")).help("give it once"));
        }
        let Some(value) = value.or((spec.value == "<bool>").then_some("true")) else {
            let error = Diagnostic::new(format!("option `{name}` has no value"));
            return Err(error.help(format!("write {name}={}", spec.value)));
        };
        (spec.read)(self, value).map_err(|reason| {
            // A value that is valid on its own contradicts an earlier one.
            if (spec.read)(&mut Self::default(), value).is_ok() {
                Diagnostic::new(format!("option `{name}={value}` has no effect: {reason}"))
                    .help("remove one of the two")
            } else {
                Diagnostic::new(format!("invalid option `{name}={value}`: {reason}"))
                    .help(format!("write {name}={}", spec.value))
            }
        })?;
        if !spec.is_repeatable {
            self.given.insert(spec.name);
        }
        Ok(())
    }

    /// Resets an option to its default, so that it can be set again. An unknown name is ignored.
    ///
    /// ```
    /// let mut options = rgrpc_codegen::Options::parse("build_server=false,build_client=false")?;
    /// options.reset("build_server");
    /// assert_eq!(options.to_string(), "build_client=false");
    /// # Ok::<_, rgrpc_codegen::Errors>(())
    /// ```
    pub fn reset(&mut self, name: &str) {
        if let Some(spec) = OPTIONS.iter().find(|spec| spec.name == name) {
            (spec.reset)(self);
            self.given.remove(spec.name);
        }
    }

    /// `name=value` of every option that affects the code and is not at its default, sorted.
    pub(crate) fn affecting_code(&self) -> Vec<String> {
        let mut texts: Vec<_> =
            self.non_default().filter(|(spec, _)| spec.changes_code).map(|(_, text)| text).collect();
        texts.sort_unstable();
        texts
    }

    /// Every option that is not at its default, with `name=value` for each of its texts.
    fn non_default(&self) -> impl Iterator<Item = (&'static OptionSpec, String)> {
        OPTIONS.iter().flat_map(|spec| {
            let texts = Some((spec.texts)(self)).filter(|texts| *texts != spec.default()).unwrap_or_default();
            texts.into_iter().map(move |text| (spec, format!("{}={text}", spec.name)))
        })
    }

    /// Parses a plugin parameter: `name=value` pairs, separated by commas. A comma in a value is written `\,`.
    ///
    /// # Errors
    /// Fails with an error for every pair that [`Options::set`] rejects.
    ///
    /// ```
    /// let options = rgrpc_codegen::Options::parse(r"build_server=false,type_attribute=.=#[derive(PartialOrd\, Ord)]")?;
    /// assert_eq!(options.to_string(), r"build_server=false,type_attribute=.=#[derive(PartialOrd\, Ord)]");
    /// # Ok::<_, rgrpc_codegen::Errors>(())
    /// ```
    pub fn parse(parameter: &str) -> Result<Self, Errors> {
        let mut options = Self::default();
        let mut errors = Errors::default();
        for pair in split_unescaped(parameter) {
            let (name, value) = match pair.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim())),
                None => (pair.trim(), None),
            };
            if name.is_empty() && value.is_none() {
                continue;
            }
            if let Err(error) = options.set(name, value) {
                errors.push(error);
            }
        }
        errors.finish()?;
        Ok(options)
    }
}

/// Prints the plugin parameter that [`Options::parse`] reads these options from. Options at their defaults are left out.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.non_default().map(|(_, text)| text.replace(',', r"\,")).collect();
        f.write_str(&texts.join(","))
    }
}

/// Splits a parameter at the commas that are not escaped.
fn split_unescaped(parameter: &str) -> Vec<String> {
    let mut pairs = vec![String::new()];
    let mut chars = parameter.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next_if_eq(&',').is_some() => pairs.last_mut().expect("never empty").push(','),
            ',' => pairs.push(String::new()),
            c => pairs.last_mut().expect("never empty").push(c),
        }
    }
    pairs
}
