//! Wraps expressions: paths, literals, references, calls, closures, and chains of method calls.

use super::list::{self, List, nesting};
use super::shape::{Shape, line_break};

/// The most columns that the arguments of a call take on one line.
const CALL_WIDTH: usize = 60;

/// The most columns of an argument that shares a line with others in a wrapped call.
const SHORT_ARGUMENT: usize = 10;

/// The most columns that a chain takes on one line.
const CHAIN_WIDTH: usize = 60;

/// The most columns of a chain's start that share a line with the next link.
const SHORT_LINK: usize = 4;

/// Wraps an expression; `None` if it does not fit, however it is broken.
pub(super) fn wrap(expression: &str, shape: Shape) -> Option<String> {
    // rustfmt accepts a string literal however wide it is.
    if expression.starts_with('"') || is_raw_string(expression) && expression.contains('\n') {
        return Some(expression.to_owned());
    }
    if is_raw_string(expression) {
        return shape.fit(expression);
    }
    if let Some(referent) = expression.strip_prefix('&') {
        return Some(format!("&{}", wrap(referent, shape.after(1)?)?));
    }
    if let Some((parameters, body)) = closure(expression) {
        return Some(format!("{parameters} {}", wrap(body, shape.after(parameters.len() + 1)?)?));
    }
    match &*links(expression) {
        [] => None,
        [link] => call(link, shape),
        [first, others @ ..] => chain(first, others, shape),
    }
}

fn is_raw_string(expression: &str) -> bool {
    expression.starts_with("r\"") || expression.starts_with("r#\"") || expression.starts_with("r##")
}

/// Splits a closure into `|r|` and its body.
fn closure(expression: &str) -> Option<(&str, &str)> {
    let end = expression.strip_prefix('|')?.find("| ")? + 2;
    Some((&expression[..end], &expression[end + 1..]))
}

/// Splits a chain into links: `self`, `.channel`, `.unary(request)`.
fn links(expression: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut start = 0;
    for (at, _, _) in nesting(expression).filter(|&(at, c, depth)| c == '.' && depth == 0 && at > 0) {
        links.push(&expression[start..at]);
        start = at;
    }
    links.push(&expression[start..]);
    links
}

fn call(call: &str, shape: Shape) -> Option<String> {
    let Some(List { head, items, tail }) = List::find(call, '(').filter(|list| !list.items.is_empty()) else {
        return shape.fit(call);
    };
    shape.fit(&head[..head.len() - 1])?;
    let most = if items.len() == 1 { usize::MAX } else { CALL_WIDTH };
    let arguments = items.join(", ");
    let is_narrow = arguments.len() <= most && call.len() <= shape.width;
    let wrapped = items.iter().map(|item| wrap(item, shape.item())).collect::<Option<Vec<_>>>()?;
    if is_narrow && wrapped.iter().all(|item| !item.contains('\n')) {
        return Some(call.to_owned());
    }
    if let Some((parameters, body)) = closure(items[0]).filter(|_| items.len() == 1) {
        return block_of(head, parameters, body, tail, shape);
    }
    let are_short = items.iter().all(|item| item.len() <= SHORT_ARGUMENT);
    let lines = if are_short { vec![arguments] } else { wrapped };
    Some(list::vertical(head, &lines, tail, ",", shape))
}

/// Wraps a call whose only argument is a closure, as a block.
fn block_of(head: &str, parameters: &str, body: &str, tail: &str, shape: Shape) -> Option<String> {
    let deeper = Shape::line(shape.item().indent);
    let body = wrap(body, deeper)?;
    Some([head, parameters, " {", &deeper.line_break(), &body, &shape.line_break(), "}", tail].concat())
}

fn chain(first: &str, mut others: &[&str], shape: Shape) -> Option<String> {
    let count = others.len();
    let mut root = call(first, shape)?;
    while root.len() <= SHORT_LINK
        && let [link, rest @ ..] = others
        && let Some(link) = shape.after(root.len()).and_then(|shape| call(link, shape))
    {
        root += &link;
        others = rest;
    }
    let Some((last, middle)) = others.split_last() else { return Some(root) };
    // After a root of several lines, the other links are not indented further.
    let deeper = if root.contains('\n') { shape } else { shape.next_line() };
    let middle = middle.iter().map(|link| call(link, Shape::line(deeper.indent))).collect::<Option<Vec<_>>>()?;
    let before: usize = root.len() + middle.iter().map(String::len).sum::<usize>();
    let most = if count == 1 { shape.width } else { shape.width.min(CHAIN_WIDTH) };
    let budget = most.saturating_sub(before);
    let is_one_line = budget > 0 && !root.contains('\n') && middle.iter().all(|link| !link.contains('\n'));
    let beside = shape.after(before).filter(|_| is_one_line).and_then(|shape| call(last, shape));
    let below = call(last, deeper);
    let fits = |link: &String| link.lines().next().is_some_and(|line| line.len() <= budget);
    if let Some(beside) = beside.filter(fits)
        && below.as_ref().is_none_or(|below| lines(&beside) >= 5 || lines(below) >= lines(&beside))
    {
        return Some([root, middle.concat(), beside].concat());
    }
    let line = line_break(deeper.indent);
    Some([vec![root], middle, vec![below?]].concat().join(&line))
}

fn lines(text: &str) -> usize {
    text.lines().count()
}
