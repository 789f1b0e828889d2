//! The claims that the fuzz targets try to refute, and the texts that they begin with.

mod link;
mod parse;
mod texts;

pub use link::link;
pub use parse::parse;
pub use texts::texts;
