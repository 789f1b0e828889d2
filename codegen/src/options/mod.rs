//! The options of the generator: the table that declares them, and how they are read, printed and queried.

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
