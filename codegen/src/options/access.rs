//! Reads the values of options, and describes each option.

use super::path_rules::PathRules;
use super::table::{OPTIONS, OptionSpec, Options};
use super::values::Part;

impl Options {
    /// Returns the name of the file that declares the module tree: `mod.rs`.
    #[must_use]
    pub fn include_file(&self) -> &str {
        &self.include_file
    }

    /// Returns the name of the file of Cargo features, if the option is set.
    #[must_use]
    pub fn package_features(&self) -> Option<&str> {
        self.package_features.as_deref()
    }

    /// Returns whether `google.protobuf` is generated instead of taken from `prost_types`.
    #[must_use]
    pub fn compile_well_known_types(&self) -> bool {
        self.compile_well_known_types
    }

    /// Returns which files a run generates.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// Returns the mappings of `extern_path`: each proto path with the Rust path of its existing types.
    pub fn extern_paths(&self) -> impl Iterator<Item = (&str, &str)> {
        self.extern_path.iter().map(|(proto, rust)| (&**proto, &**rust))
    }

    /// The options that apply by path, with their names.
    pub(crate) fn by_path(&self) -> impl Iterator<Item = (&'static str, &PathRules)> {
        OPTIONS.iter().filter_map(|spec| Some((spec.name, (spec.rules)(self)?)))
    }
}

impl OptionSpec {
    /// Returns a one-sentence description for `--help` and the guide, with the default, or a note that the option is repeatable.
    ///
    /// ```
    /// assert_eq!(rgrpc_codegen::OPTIONS[0].help(), "Generate clients (default true).");
    /// ```
    #[must_use]
    pub fn help(&self) -> String {
        let sentence = self.sentence.trim_end_matches('.');
        if self.is_repeatable {
            return format!("{sentence}; repeatable.");
        }
        match self.default().first().map(String::as_str) {
            None => format!("{sentence}."),
            Some(flag @ ("true" | "false")) => format!("{sentence} (default {flag})."),
            Some(text) => format!("{sentence} (default `{text}`)."),
        }
    }

    /// Returns an example of the option with a value other than the default: `build_client=false`.
    ///
    /// ```
    /// assert_eq!(rgrpc_codegen::OPTIONS[0].example(), "build_client=false");
    /// ```
    #[must_use]
    pub fn example(&self) -> String {
        let default = self.default();
        let text = self.examples.iter().find(|text| default.iter().all(|default| default != *text));
        format!("{}={}", self.name, text.unwrap_or(&self.value))
    }

    /// Returns examples of values, each of which is valid on its own.
    ///
    /// ```
    /// assert_eq!(rgrpc_codegen::OPTIONS[0].examples(), ["true", "false"]);
    /// ```
    #[must_use]
    pub fn examples(&self) -> &'static [&'static str] {
        self.examples
    }

    pub(super) fn default(&self) -> Vec<String> {
        (self.texts)(&Options::default())
    }
}
