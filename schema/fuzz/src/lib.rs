//! The properties that the fuzz targets check, and the texts that they start from.

mod link;
mod parse;
mod texts;

pub use link::link;
pub use parse::parse;
pub use texts::texts;
