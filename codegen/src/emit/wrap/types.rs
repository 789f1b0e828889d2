//! Types: one that does not fit has each of its arguments on a line.

use super::list::{self, List};
use super::shape::Shape;

const IMPL: &str = "impl ";

/// A type, as it stands there; nothing if it cannot be broken so that it fits.
pub(super) fn wrap(ty: &str, shape: Shape) -> Option<String> {
    if let Some(ty) = shape.fit(ty) {
        return Some(ty);
    }
    // rustfmt does not count the keyword.
    if let Some(bound) = ty.strip_prefix(IMPL) {
        return Some([IMPL, &wrap(bound, shape)?].concat());
    }
    let List { head, items, tail } = List::find(ty, '<')?;
    let items = items.iter().map(|item| argument(item, shape.item())).collect::<Option<Vec<_>>>()?;
    (head.len() <= shape.width).then(|| list::vertical(head, &items, tail, ",", shape))
}

/// `User`, `Message = User`.
fn argument(argument: &str, shape: Shape) -> Option<String> {
    match argument.split_once(" = ") {
        Some((name, ty)) => Some(format!("{name} = {}", wrap(ty, shape.after(name.len() + 3)?)?)),
        None => wrap(argument, shape),
    }
}
