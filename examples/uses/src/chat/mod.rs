//! Rooms in which people talk: nobody waits for those who read slowly, and whoever loses the connection goes on where it broke.

mod member;
mod room;
mod rooms;

pub use member::Member;
pub use rooms::Rooms;
