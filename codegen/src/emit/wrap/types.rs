//! Wraps types: one that does not fit has one generic argument per line.

use super::list::{self, List};
use super::shape::Shape;

const IMPL: &str = "impl ";

/// Wraps a type; `None` if it does not fit, however it is broken.
pub(super) fn wrap(ty: &str, shape: Shape) -> Option<String> {
    if let Some(ty) = shape.fit(ty) {
        return Some(ty);
    }
    // rustfmt leaves the keyword out when it measures the width.
    if let Some(bound) = ty.strip_prefix(IMPL) {
        return Some([IMPL, &wrap(bound, shape)?].concat());
    }
    let List { head, items, tail } = List::find(ty, '<')?;
    let items = items.iter().map(|item| argument(item, shape.item())).collect::<Option<Vec<_>>>()?;
    (head.len() <= shape.width).then(|| list::vertical(head, &items, tail, ",", shape))
}

/// Wraps a generic argument: `User`, `Message = User`.
fn argument(argument: &str, shape: Shape) -> Option<String> {
    match argument.split_once(" = ") {
        Some((name, ty)) => Some(format!("{name} = {}", wrap(ty, shape.after(name.len() + 3)?)?)),
        None => wrap(argument, shape),
    }
}
