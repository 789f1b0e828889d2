//! Turns a proto comment into rustdoc that can never become a doctest, a broken link or a lint's warning.

mod autolink;
mod clean;
mod event;
mod inline;
mod markdown;
mod plain_text;
mod sanitize;

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Options, Parser, Tag, TextMergeWithOffset};

use event::{Spanned, is_emphasis};

/// Lines for `#[doc]`, with `\n` between.
pub(crate) type Docs = String;

/// rustdoc's extensions, except smart punctuation, which changes characters and no structure.
const RUSTDOC: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// The extensions with which a comment is read: its footnotes are text, as they have no place among the docs of other items.
const COMMENT: Options = RUSTDOC.difference(Options::ENABLE_FOOTNOTES);

/// How many list and quote markers a line may start with: a parser tries all of them on each line that follows.
const MARKERS: usize = 64;

/// How often HTML inside of HTML is looked for.
const ROUNDS: usize = 8;

/// The lines of a doc comment, without their `///`: a line that is not empty starts with a space, and the last has no end.
///
/// The comment is Markdown, as protoc hands it over. Marks that rustdoc or clippy would act on become text, code becomes
/// ```` ```text ````, a bare URL becomes a link, and a word that looks like Rust becomes code. Everything else keeps its
/// meaning: that the lines read as the comment does is checked, and a comment for which it fails is shown as it is,
/// in one block of code.
#[must_use]
pub fn rustdoc(comment: &str) -> String {
    plain_text::plain_text(comment).unwrap_or_else(|| as_markdown(comment))
}

fn as_markdown(comment: &str) -> String {
    let text = clean::clean(comment);
    let markdown = safe(&text).unwrap_or_else(|| markdown::fence(&text));
    let mut docs = String::with_capacity(markdown.len() + markdown.len() / 16);
    if markdown.trim().is_empty() {
        return docs;
    }
    for (index, line) in markdown.lines().enumerate() {
        docs.extend([if index == 0 { "" } else { "\n" }, if line.is_empty() { "" } else { " " }, line]);
    }
    docs
}

fn safe(text: &str) -> Option<String> {
    if text.lines().any(|line| markers(line) > MARKERS) {
        return None;
    }
    let text = without_blocks_to_hide(text.to_owned())?;
    let events = parse(&text, COMMENT);
    written(&text, events.clone()).or_else(|| {
        // Emphasis cannot stand at every place where code can, as in `*FooBar*s`.
        let plain = events.into_iter().filter(|(event, _)| !is_emphasis(event));
        written(&text, plain.collect())
    })
}

fn markers(line: &str) -> usize {
    let start = line.trim_start_matches(|c: char| c.is_ascii_digit() || " >-+*.)".contains(c));
    let marks = &line.as_bytes()[..line.len() - start.len()];
    marks
        .iter()
        .zip(&marks[marks.len().min(1)..])
        .filter(|&(mark, next)| *mark == b'>' || (*mark != b' ' && *next == b' '))
        .count()
}

/// The inert form of the events of `text` as Markdown, if that reads as what it was made of.
fn written<'a>(text: &'a str, events: Vec<Spanned<'a>>) -> Option<String> {
    let events = sanitize::sanitize(events);
    let markdown = markdown::write(text, &events)?;
    let written = parse(&markdown, RUSTDOC);
    let same = written.iter().map(|(event, _)| event).eq(events.iter().map(|(event, _)| event));
    // Spaces that are not ASCII, from an entity: clippy cannot place them.
    let trimmed = markdown.lines().all(|line| !line.ends_with(char::is_whitespace));
    (same && trimmed).then_some(markdown)
}

fn parse(text: &str, options: Options) -> Vec<Spanned<'_>> {
    TextMergeWithOffset::new(Parser::new_ext(text, options).into_offset_iter()).collect()
}

/// Escapes the lines of HTML, and the link definitions that no link to the web uses: rustdoc would not show them.
fn without_blocks_to_hide(mut text: String) -> Option<String> {
    for _ in 0..ROUNDS {
        let hidden = hidden(&text);
        if hidden.is_empty() {
            return Some(text);
        }
        let mut escaped = String::with_capacity(text.len() + hidden.len());
        let mut start = 0;
        for at in hidden {
            escaped.push_str(&text[start..at]);
            escaped.push('\\');
            start = at;
        }
        text = escaped + &text[start..];
    }
    None
}

/// Where the lines of HTML and the unused link definitions start.
fn hidden(text: &str) -> BTreeSet<usize> {
    if !text.contains('<') && !text.contains("]:") {
        return BTreeSet::new();
    }
    let mut parser = Parser::new_ext(text, COMMENT).into_offset_iter();
    let mut hidden = BTreeSet::new();
    let mut used = BTreeSet::new();
    while let Some((event, range)) = parser.next() {
        match event {
            Event::Html(line) if line.trim_start().starts_with('<') => {
                hidden.extend(text[range.clone()].find('<').map(|at| range.start + at));
            }
            Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }) => {
                used.extend(parser.reference_definitions().get(&id).map(|definition| definition.span.start));
            }
            _ => {}
        }
    }
    let definitions = parser.reference_definitions().iter().map(|(_, definition)| definition);
    let unused = definitions.filter(|it| !(used.contains(&it.span.start) && autolink::is_web(&it.dest)));
    hidden.extend(unused.map(|definition| definition.span.start));
    hidden
}
