//! Wraps the text after `=` or `:`: on the same line, on the next line, or over several lines, by rustfmt's rules.

use super::shape::{Shape, line_break};

/// Joins `left` and the text that `right` returns for the shape that it is given.
pub(super) fn wrap(left: &str, shape: Shape, right: impl Fn(Shape) -> Option<String>) -> Option<String> {
    let here = shape.saturating_after(left.len() + 1);
    let same_line = right(here);
    if let Some(text) = same_line.as_deref().filter(|text| !text.contains('\n') && text.len() <= here.width) {
        return Some(format!("{left} {text}"));
    }
    let below = here.next_line();
    let next_line = right(below);
    let fits = |text: &str| text.lines().next().is_some_and(|line| line.len() <= below.width);
    match (same_line, next_line) {
        (Some(same), Some(next)) if !fits(&next) || !is_next_line_better(&same, &next) => {
            Some(format!("{left} {same}"))
        }
        (_, Some(next)) => Some([left, &line_break(shape.item().indent), &next].concat()),
        (Some(same), None) => Some(format!("{left} {same}")),
        (None, None) => None,
    }
}

pub(super) fn is_next_line_better(same: &str, next: &str) -> bool {
    let lines = |text: &str| text.matches('\n').count();
    let opens = |text: &str, bracket: char| text.lines().next().is_some_and(|line| line.ends_with(bracket));
    !next.contains('\n')
        || lines(same) > lines(next) + 1
        || ['(', '{', '['].iter().any(|&bracket| opens(same, bracket) && !opens(next, bracket))
}
