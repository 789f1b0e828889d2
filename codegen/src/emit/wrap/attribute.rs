//! Wraps attributes: a list that is too wide has one item per line.

use super::list::{self, List};
use super::shape::Shape;

/// The most columns that the items of an attribute take on one line.
const ATTRIBUTE_WIDTH: usize = 70;

/// The columns that stay free after derives on one line.
const DERIVE_RESERVE: usize = 4;

const DERIVE: &str = "#[derive(";

/// An attribute, `#[name(items)]`.
pub(super) fn wrap(attribute: &str, shape: Shape) -> String {
    match attribute.strip_prefix(DERIVE).and_then(|rest| rest.strip_suffix(")]")) {
        Some(traits) => derive(traits, shape),
        None => meta(attribute, shape),
    }
}

/// Merges two adjacent `derive` attributes, as rustfmt does.
pub(in crate::emit) fn merge(first: &str, second: &str) -> Option<String> {
    let traits = first.strip_suffix(")]").filter(|first| first.starts_with(DERIVE))?;
    Some([traits, ", ", second.strip_prefix(DERIVE)?].concat())
}

/// Puts the traits on the line of the attribute, on one line below, or on one line each.
fn derive(traits: &str, shape: Shape) -> String {
    let line = [DERIVE, traits, ")]"].concat();
    if line.len() + DERIVE_RESERVE <= shape.width {
        return line;
    }
    let is_narrow = traits.len() <= shape.item().width + 1;
    let items: Vec<&str> = if is_narrow { vec![traits] } else { traits.split(", ").collect() };
    let items: Vec<String> = items.into_iter().map(str::to_owned).collect();
    list::vertical(DERIVE, &items, ")]", ",", shape)
}

/// Wraps `name`, `name = value` or `name(items)`, with the text around it.
fn meta(text: &str, shape: Shape) -> String {
    let list = List::find(text, '(').filter(|list| !list.items.is_empty());
    let Some(List { head, items, tail }) = list else { return text.to_owned() };
    let width = items.iter().map(|item| item.len() + 2).sum::<usize>() - 2;
    let nested: Vec<String> = items.iter().map(|item| meta(item, shape.item())).collect();
    let is_whole = nested.iter().all(|item| !item.contains('\n'));
    match &*nested {
        _ if is_whole && text.len() <= shape.width && (width <= ATTRIBUTE_WIDTH || items.len() == 1) => text.to_owned(),
        [_] if items[0].contains('(') => {
            let inner = shape.after(head.len()).map(|shape| meta(items[0], shape.before(tail.len())));
            [head, inner.as_deref().unwrap_or(items[0]), tail].concat()
        }
        nested => list::vertical(head, nested, tail, "", shape),
    }
}
