//! The claims that the fuzz targets try to refute, and the texts that they begin with.

mod parse;
mod texts;

pub use parse::parse;
pub use texts::texts;
