//! The options of the generator: a table of them, how their texts are read, and what code asks of their values.

mod access;
mod config_file;
mod declare;
mod files;
mod imports;
mod kinds;
mod parse;
mod path_rules;
mod suggestions;
mod table;
mod values;

pub(crate) use config_file::ConfigFile;
pub(crate) use path_rules::{PathRule, PathRules, Target};
pub use table::{OPTIONS, OptionSpec, Options};
pub(crate) use values::Traits;
pub use values::{Part, Unsupported};
