//! Replaces Markdown events on which rustdoc or clippy would act by ones that read the same.

use std::borrow::Cow;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd, TextMergeWithOffset};

use super::autolink::{Word, is_url, is_web, words};
use super::clean::visible;
use super::event::{Spanned, is_emphasis};
use super::inline::can_be_destination;

pub(super) fn sanitize(events: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let texts = as_text(events);
    joined(as_code(TextMergeWithOffset::new(texts.into_iter())))
}

/// Turns HTML, and links that do not lead to the web, into text.
fn as_text(events: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut ends = Vec::new();
    let mut in_heading = false;
    let mut events = events.into_iter().peekable();
    while let Some((event, range)) = events.next() {
        let item_starts = matches!(out.last(), Some((Event::Start(Tag::Item), _)));
        let mut push = |event| out.push((event, range.clone()));
        match event {
            // rustdoc and clippy disagree about all other checkboxes, and about the indentation of loose lists.
            Event::TaskListMarker(done) => match events.peek() {
                Some((next, _)) if is_inline(next) && item_starts => push(event),
                Some((next, _)) if is_inline(next) => push(Event::Text(if done { "[x] " } else { "[ ] " }.into())),
                _ => push(Event::Text(if done { "[x]" } else { "[ ]" }.into())),
            },
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                let (start, end) = link(TagEnd::Link, link_type, dest_url, &title);
                push(start);
                ends.push(end);
            }
            Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                let (start, end) = link(TagEnd::Image, link_type, dest_url, &title);
                push(start);
                ends.push(end);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => push(ends.pop().expect("an end has a start")),
            Event::InlineHtml(html) | Event::Html(html) => {
                for (index, line) in html.split('\n').enumerate() {
                    match index {
                        0 => push(Event::Text(line.trim_end().to_owned().into())),
                        _ if in_heading => push(Event::Text(format!(" {}", line.trim()).into())),
                        _ => {
                            push(Event::SoftBreak);
                            push(Event::Text(line.trim().to_owned().into()));
                        }
                    }
                }
            }
            Event::SoftBreak | Event::HardBreak if in_heading => push(Event::Text(" ".into())),
            Event::Start(Tag::CodeBlock(_)) => push(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced("text".into())))),
            Event::Start(Tag::Heading { .. }) | Event::End(TagEnd::Heading(_)) => {
                in_heading = !in_heading;
                push(event);
            }
            event => push(event),
        }
    }
    out
}

fn is_inline(event: &Event<'_>) -> bool {
    let start = |tag: &Tag<'_>| matches!(tag, Tag::Link { .. } | Tag::Image { .. }) || is_emphasis(event);
    matches!(event, Event::Text(_) | Event::Code(_) | Event::InlineHtml(_))
        || matches!(event, Event::Start(tag) if start(tag))
}

/// The start and the end of a link or an image, as `tag` says: text if it does not lead to the web.
fn link<'a>(tag: TagEnd, link_type: LinkType, dest_url: CowStr<'a>, title: &str) -> (Event<'a>, Event<'a>) {
    let title = one_line(title);
    let Some(kept_type) = to_web(link_type, &dest_url) else {
        let (start, end) = brackets(link_type, &dest_url, &title);
        let mark = if tag == TagEnd::Image { "!" } else { "" };
        return (Event::Text(format!("{mark}{start}").into()), Event::Text(end.into()));
    };
    let (link_type, id) = (kept_type, "".into());
    let start = match tag {
        TagEnd::Image => Tag::Image { link_type, dest_url, title, id },
        _ => Tag::Link { link_type, dest_url, title, id },
    };
    (Event::Start(start), Event::End(tag))
}

/// The type that a link keeps if it leads to the web.
fn to_web(link_type: LinkType, url: &str) -> Option<LinkType> {
    let (link_type, kept) = match link_type {
        // Without the dot, rustdoc reads `<fn@example>` as the name of an item.
        LinkType::Email => (link_type, url.contains('.')),
        LinkType::Autolink => (link_type, is_url(url)),
        _ => (LinkType::Inline, is_web(url) && can_be_destination(url)),
    };
    kept.then_some(link_type)
}

/// The syntax before and after the text of a link, as its author wrote it.
fn brackets(link_type: LinkType, url: &str, title: &str) -> (&'static str, String) {
    match link_type {
        LinkType::Email | LinkType::Autolink => ("<", ">".to_owned()),
        _ if title.is_empty() => ("[", format!("]({url})")),
        _ => ("[", format!("]({url} \"{title}\")")),
    }
}

/// Turns words that look like Rust into code, and bare URLs into links.
fn as_code<'a>(events: impl Iterator<Item = Spanned<'a>>) -> Vec<Spanned<'a>> {
    let mut out: Vec<Spanned<'a>> = Vec::new();
    let mut in_block = false;
    let mut in_link = None;
    for (event, range) in events {
        match event {
            Event::Text(text) if in_block => {
                let end = if text.ends_with('\n') { "" } else { "\n" };
                out.push((Event::Text(format!("{text}{end}").into()), range));
            }
            Event::Text(_) if in_link == Some(LinkType::Autolink) => out.push((event, range)),
            Event::Text(text) if in_link.is_some() => {
                out.push((Event::Text(curly(&visible_text(&text)).into()), range));
            }
            Event::Text(text) => {
                for word in words(&visible_text(&text)) {
                    match word {
                        Word::Text(text) => out.push((Event::Text(text.to_owned().into()), range.clone())),
                        Word::Code(code) => out.push((Event::Code(code.to_owned().into()), range.clone())),
                        Word::Url(url) => {
                            let (link_type, dest_url) = (LinkType::Autolink, CowStr::from(url.to_owned()));
                            let link =
                                Tag::Link { link_type, dest_url: dest_url.clone(), title: "".into(), id: "".into() };
                            out.push((Event::Start(link), range.clone()));
                            out.push((Event::Text(dest_url), range.clone()));
                            out.push((Event::End(TagEnd::Link), range.clone()));
                        }
                    }
                }
            }
            _ => {
                match event {
                    Event::Start(Tag::CodeBlock(_)) | Event::End(TagEnd::CodeBlock) => in_block = !in_block,
                    Event::Start(Tag::Link { link_type, .. }) => in_link = Some(link_type),
                    Event::End(TagEnd::Link) => in_link = None,
                    _ => {}
                }
                out.push((event, range));
            }
        }
    }
    out
}

/// Joins adjacent code spans, which Markdown cannot express.
fn joined(events: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut code = String::new();
    let mut events = events.into_iter().peekable();
    while let Some((event, range)) = events.next() {
        match event {
            Event::Code(part) => {
                code.push_str(&part);
                if !matches!(events.peek(), Some((Event::Code(_), _))) {
                    out.push((Event::Code(std::mem::take(&mut code).into()), range));
                }
            }
            event => out.push((event, range)),
        }
    }
    out
}

fn one_line<'a>(title: &str) -> CowStr<'a> {
    visible_text(&title.replace('\n', " ")).into_owned().into()
}

/// Text without hidden characters. Only an entity can leave a tab in it.
fn visible_text(text: &str) -> Cow<'_, str> {
    let text = visible(text);
    if text.contains('\t') { Cow::Owned(text.replace('\t', " ")) } else { text }
}

/// Replaces straight quotes by the curly ones that rustdoc shows: clippy reports straight quotes around the text of a link.
fn curly(text: &str) -> String {
    let mut curly = String::with_capacity(text.len());
    for c in text.chars() {
        let opens = curly.chars().next_back().is_none_or(char::is_whitespace);
        curly.push(match c {
            '"' if opens => '“',
            '"' => '”',
            '\'' if opens => '‘',
            '\'' => '’',
            c => c,
        });
    }
    curly
}
