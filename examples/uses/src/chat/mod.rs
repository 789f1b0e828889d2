//! Rooms in which people talk: nobody waits for a member who reads slowly, and a member who loses the connection goes on where it broke.

mod member;
mod room;
mod rooms;

pub use member::Member;
pub use rooms::Rooms;
