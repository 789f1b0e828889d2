//! Options in, what one asks of them out.

use super::path_rules::PathRules;
use super::table::{OPTIONS, OptionSpec, Options};
use super::values::Part;

impl Options {
    /// Returns the name of the file that mounts the module tree: `mod.rs`.
    #[must_use]
    pub fn include_file(&self) -> &str {
        &self.include_file
    }

    /// Returns the name of the file of Cargo features, if one is asked for.
    #[must_use]
    pub fn package_features(&self) -> Option<&str> {
        self.package_features.as_deref()
    }

    /// Returns whether `google.protobuf` is generated instead of being that of `prost_types`.
    #[must_use]
    pub fn compile_well_known_types(&self) -> bool {
        self.compile_well_known_types
    }

    /// Returns which of the files a run writes.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// Returns the proto paths whose types exist already, each with the Rust path they are at.
    pub fn extern_paths(&self) -> impl Iterator<Item = (&str, &str)> {
        self.extern_path.iter().map(|(proto, rust)| (&**proto, &**rust))
    }

    /// The options that are given by path, by name.
    pub(crate) fn by_path(&self) -> impl Iterator<Item = (&'static str, &PathRules)> {
        OPTIONS.iter().filter_map(|spec| Some((spec.name, (spec.rules)(self)?)))
    }
}

impl OptionSpec {
    /// Returns one sentence for `--help` and the guide, which says the default, or that the option is repeatable.
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

    /// Returns the option with a value that it takes and that is not its default: `build_client=false`.
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

    /// Returns texts that the option takes after `=`, each alone.
    #[must_use]
    pub fn examples(&self) -> &'static [&'static str] {
        self.examples
    }

    pub(super) fn default(&self) -> Vec<String> {
        (self.texts)(&Options::default())
    }
}
