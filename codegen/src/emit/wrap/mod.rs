//! Wraps lines that are too wide, exactly as rustfmt does.
//!
//! A line is an attribute, the head of a block, a declaration or an expression. A line that does not fit however it is broken stays as it
//! is, as in rustfmt.

mod assignment;
mod attribute;
mod expression;
mod list;
mod shape;
mod types;

use list::List;
use shape::{INDENT, MAX_WIDTH, Shape};

pub(super) use attribute::merge;

/// Adds a line at this depth, wrapped if it is too wide.
pub(super) fn push(out: &mut String, depth: usize, line: &str) {
    let indent = depth * INDENT;
    // Most lines are names and numbers.
    let is_plain = indent + line.len() <= MAX_WIDTH && line.len() <= 60;
    match if is_plain { None } else { wrap(line, indent) } {
        Some(wrapped) => push_parts(out, depth, [&wrapped]),
        None => push_parts(out, depth, [line]),
    }
}

/// Adds a line without wrapping it.
pub(super) fn push_parts<const N: usize>(out: &mut String, depth: usize, parts: [&str; N]) {
    out.extend(std::iter::repeat_n("    ", depth));
    out.extend(parts);
    out.push('\n');
}

/// Wraps a line; `None` if it does not fit, however it is broken.
fn wrap(line: &str, indent: usize) -> Option<String> {
    let shape = Shape::line(indent);
    if line.starts_with("#[") {
        Some(attribute::wrap(line, shape))
    } else if let Some(head) = line.strip_suffix(" {") {
        Some(self::head(head, shape))
    } else {
        let end = [";", ","].into_iter().find(|&end| line.ends_with(end)).unwrap_or_default();
        let text = line.strip_suffix(end)?;
        match text.split_once(" => ").filter(|_| !is_declaration(text)) {
            Some((pattern, body)) => arm(pattern, body, shape),
            None => Some(statement(text, end, shape.before(end.len()))? + end),
        }
    }
}

const TRAIT: &str = "pub trait ";

/// Wraps the head of a block. The bracket is on a line of its own if rustfmt takes the head to be too wide.
fn head(text: &str, shape: Shape) -> String {
    let deeper = shape.item().line_break();
    let (head, is_wide) = if is_function(text) {
        let Some(head) = function(text, shape.before(" {".len())) else {
            // rustfmt gives up on such a function, and removes the space.
            return [text, "{"].concat();
        };
        // rustfmt counts the indentation of the last line twice.
        let is_wide = head.lines().skip(1).last().is_some_and(|line| line.len() + " {".len() > shape.width);
        (head, is_wide)
    } else if let Some((name, bounds)) = text.split_once(": ").filter(|_| text.starts_with(TRAIT)) {
        // rustfmt counts the keywords twice.
        let is_wide = text.len() + TRAIT.len() > shape.width;
        (if is_wide { [name, ":", &deeper, bounds].concat() } else { text.to_owned() }, is_wide)
    } else if let Some((of, ty)) = text.split_once(" for ") {
        implementation(of, ty, shape).unwrap_or((text.to_owned(), false))
    } else {
        let is_type = ["pub struct ", "pub enum "].iter().any(|start| text.starts_with(start));
        (text.to_owned(), is_type && text.len() + " {".len() > MAX_WIDTH)
    };
    let space = if is_wide { shape.line_break() } else { " ".to_owned() };
    [head, space, "{".to_owned()].concat()
}

/// Wraps the head of an `impl`, and returns whether it takes several lines.
fn implementation(of: &str, ty: &str, shape: Shape) -> Option<(String, bool)> {
    let deeper = shape.item().line_break();
    let generics = of.find("> ").filter(|_| of.starts_with("impl<")).map_or("impl".len(), |end| end + 1);
    // rustfmt leaves the indentation of the first line out when it measures where the type goes.
    let (of, width) = if of.len() <= shape.width {
        (of.to_owned(), of.len())
    } else {
        let name = types::wrap(&of[generics + 1..], Shape::line(shape.item().indent))?;
        let width = name.lines().last().map_or(0, str::len);
        let indent = if name.contains('\n') { 0 } else { deeper.len() - 1 };
        ([&of[..generics], &deeper, &name].concat(), indent + width)
    };
    let fits = width + " for ".len() + ty.len() + " {".len() <= MAX_WIDTH;
    let is_wide = of.contains('\n') || !fits;
    let space = if fits { " " } else { &*deeper };
    Some(([&*of, space, "for ", ty].concat(), is_wide))
}

/// Wraps a declaration or an expression, which is followed by `end`.
fn statement(text: &str, end: &str, shape: Shape) -> Option<String> {
    let is_declaration = is_declaration(text);
    if is_function(text) {
        function(text, shape)
    } else if let Some((left, right)) = text.split_once(" = ").filter(|_| is_declaration) {
        let wrap = if left.contains("type ") { types::wrap } else { expression::wrap };
        assignment::wrap(&format!("{left} ="), shape, |shape| wrap(right, shape))
    } else if let Some((value, number)) = text.split_once(" = ").filter(|(value, _)| !value.contains('"')) {
        assignment::wrap(&format!("{value} ="), shape, |shape| shape.fit(number))
    } else if let Some((name, ty)) = text.split_once(": ").filter(|_| is_declaration) {
        assignment::wrap(&format!("{name}:"), shape, |shape| types::wrap(ty, shape))
    } else if let Some((name, value)) = text.split_once(": ").filter(|(name, _)| !name.contains(['(', '"'])) {
        Some(format!("{name}: {}", expression::wrap(value, shape.after(name.len() + 2)?)?))
    } else if end == "," {
        variant(text, shape)
    } else {
        expression::wrap(text, shape)
    }
}

fn is_declaration(text: &str) -> bool {
    ["pub ", "const ", "static ", "type ", "let "].iter().any(|start| text.starts_with(start))
}

fn is_function(text: &str) -> bool {
    ["fn ", "pub fn ", "async fn "].iter().any(|start| text.starts_with(start))
}

/// Wraps a variant of an enum, `Name(Type)`.
fn variant(text: &str, shape: Shape) -> Option<String> {
    let List { head, items, tail } = List::find(text, '(')?;
    let can_stay = |ty: &&str| !ty.contains('<') || ty.len() <= shape.item().width;
    if let Some(text) = shape.fit(text).filter(|_| items.iter().all(can_stay)) {
        return Some(text);
    }
    let items = items.iter().map(|ty| types::wrap(ty, shape.item())).collect::<Option<Vec<_>>>()?;
    Some(list::vertical(head, &items, tail, ",", shape))
}

/// Wraps the signature of a function: one that does not fit on a line has one parameter per line.
fn function(text: &str, shape: Shape) -> Option<String> {
    if let Some(text) = shape.fit(text) {
        return Some(text);
    }
    let List { head, items, tail } = List::find(text, '(')?;
    let parameters = items.iter().map(|parameter| self::parameter(parameter, shape.item()));
    let parameters = parameters.collect::<Option<Vec<_>>>()?;
    let (close, returned) = tail.split_once("-> ").unwrap_or((tail, ""));
    let line = Shape::line(shape.indent);
    let fits = |ty: &String| !ty.contains('\n');
    let returned = match types::wrap(returned, line.after("-> ".len())?).filter(fits) {
        Some(returned) => returned,
        None => types::wrap(returned, line.after(") -> ".len())?)?,
    };
    let arrow = if returned.is_empty() { "" } else { "-> " };
    Some(list::vertical(head, &parameters, close, ",", shape) + arrow + &returned)
}

/// Wraps a parameter, `request: Request<User>`.
fn parameter(text: &str, shape: Shape) -> Option<String> {
    let Some((name, ty)) = text.split_once(": ") else { return shape.fit(text) };
    // rustfmt leaves a path without arguments as it is, however wide.
    let is_path = !ty.contains('<');
    let ty = if is_path { ty.to_owned() } else { types::wrap(ty, shape.after(name.len() + 2)?)? };
    Some(format!("{name}: {ty}"))
}

/// Wraps an arm of a `match`: a body that does not fit after its pattern becomes a block, unless it is a call whose parentheses open
/// there.
fn arm(pattern: &str, body: &str, shape: Shape) -> Option<String> {
    let here = shape.before(",".len()).saturating_after(pattern.len() + " => ".len());
    let deeper = Shape::line(shape.item().indent);
    let (same_line, next_line) = (expression::wrap(body, here), expression::wrap(body, deeper));
    let fits = |text: &str| text.lines().next().is_some_and(|line| line.len() <= here.width);
    let stays = |text: &str| match &next_line {
        _ if !text.contains('\n') => fits(text) || next_line.is_none(),
        Some(next) => !assignment::is_next_line_better(text, next) && body.ends_with(')') && fits(text),
        None => true,
    };
    match same_line.filter(|text| stays(text)) {
        Some(body) => Some([pattern, " => ", &body, ","].concat()),
        None => Some([pattern, " => {", &deeper.line_break(), &next_line?, &shape.line_break(), "}"].concat()),
    }
}
