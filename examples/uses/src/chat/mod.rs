//! Chat rooms in which slow members do not block others, and members that lose their connection resume where it broke.

mod member;
mod room;
mod rooms;

pub use member::Member;
pub use rooms::Rooms;
