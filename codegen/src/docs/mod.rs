//! Turns a proto comment into rustdoc that cannot be a doctest, a broken link or the cause of a lint's warning.

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

/// The Markdown extensions of rustdoc, except for smart punctuation, which changes characters but not the structure.
const RUSTDOC: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// The extensions with which a comment is read. Footnotes are read as text, because rustdoc could mix them up with those of other items.
const COMMENT: Options = RUSTDOC.difference(Options::ENABLE_FOOTNOTES);

/// The most list and quote markers that a line may start with. A parser tries all of them on every following line.
const MARKERS: usize = 64;

/// The most rounds of escaping HTML. Escaping one element can uncover another within it.
const ROUNDS: usize = 8;

/// Returns the lines of a doc comment for a proto comment, without `///`. Every line but an empty one starts with a space, and the last
/// one has no line feed.
///
/// The comment is Markdown, as in the `SourceCodeInfo` of a descriptor. Syntax on which rustdoc or clippy would act becomes text, code
/// becomes ```` ```text ````, a bare URL becomes a link, and a word that looks like Rust becomes code. Everything else keeps its
/// meaning. The result is parsed again to check that; if the check fails, the whole comment is shown verbatim in a code block.
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

/// Rewrites a comment as harmless Markdown with the same meaning, if that is possible.
fn safe(text: &str) -> Option<String> {
    if text.lines().any(|line| markers(line) > MARKERS) {
        return None;
    }
    let text = without_blocks_to_hide(text.to_owned())?;
    let events = parse(&text, COMMENT);
    written(&text, events.clone()).or_else(|| {
        // Emphasis around a word that becomes code may not be expressible, as in `*FooBar*s`.
        let plain = events.into_iter().filter(|(event, _)| !is_emphasis(event));
        written(&text, plain.collect())
    })
}

/// An upper bound of the list and quote markers at the start of a line.
fn markers(line: &str) -> usize {
    let start = line.trim_start_matches(|c: char| c.is_ascii_digit() || " >-+*.)".contains(c));
    let marks = &line.as_bytes()[..line.len() - start.len()];
    marks
        .iter()
        .zip(&marks[marks.len().min(1)..])
        .filter(|&(mark, next)| *mark == b'>' || (*mark != b' ' && *next == b' '))
        .count()
}

/// Sanitizes the events of `text` and writes them as Markdown, if that parses as the same events.
fn written<'a>(text: &'a str, events: Vec<Spanned<'a>>) -> Option<String> {
    let events = sanitize::sanitize(events);
    let markdown = markdown::write(text, &events)?;
    let written = parse(&markdown, RUSTDOC);
    let same = written.iter().map(|(event, _)| event).eq(events.iter().map(|(event, _)| event));
    // An entity can leave non-ASCII whitespace at the end of a line, which clippy cannot map to the source.
    let trimmed = markdown.lines().all(|line| !line.ends_with(char::is_whitespace));
    (same && trimmed).then_some(markdown)
}

fn parse(text: &str, options: Options) -> Vec<Spanned<'_>> {
    TextMergeWithOffset::new(Parser::new_ext(text, options).into_offset_iter()).collect()
}

/// Escapes HTML, and the link definitions that no link to the web uses, because rustdoc would not show them.
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

/// The indices at which lines of HTML and unused link definitions start.
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
