//! Markdown events in, events out that mean the same but on which rustdoc and clippy have nothing to act.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd, TextMergeWithOffset};

use super::clean::visible;
use super::words::{Word, is_web, words};
use super::{Spanned, markdown};

pub(super) fn inert(events: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let texts = as_text(events);
    as_code(TextMergeWithOffset::new(texts.into_iter()))
}

/// HTML and links that do not lead to the web become text.
fn as_text(events: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut links = Vec::new();
    let mut in_heading = false;
    let mut events = events.into_iter().peekable();
    while let Some((event, range)) = events.next() {
        let item_starts = matches!(out.last(), Some((Event::Start(Tag::Item), _)));
        let mut push = |event| out.push((event, range.clone()));
        match event {
            // The parsers of rustdoc and clippy differ about all other boxes, and about the indent of loose lists.
            Event::TaskListMarker(done) => match events.peek() {
                Some((next, _)) if is_inline(next) && item_starts => push(event),
                Some((next, _)) if is_inline(next) => push(Event::Text(if done { "[x] " } else { "[ ] " }.into())),
                _ => push(Event::Text(if done { "[x]" } else { "[ ]" }.into())),
            },
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                let (open, close) = link(event);
                push(open);
                links.push(close);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => push(links.pop().expect("an end has a start")),
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
    let start = |tag: &Tag<'_>| matches!(tag, Tag::Link { .. } | Tag::Image { .. }) || markdown::is_emphasis(event);
    matches!(event, Event::Text(_) | Event::Code(_) | Event::InlineHtml(_)) || matches!(event, Event::Start(tag) if start(tag))
}

/// The events for the start and the end of a link or an image: its own if it leads to the web, else text.
fn link(start: Event<'_>) -> (Event<'_>, Event<'_>) {
    let Event::Start(Tag::Link { link_type, dest_url, title, .. } | Tag::Image { link_type, dest_url, title, .. }) = &start
    else {
        unreachable!("only links are passed")
    };
    let is_image = matches!(start, Event::Start(Tag::Image { .. }));
    let automatic = matches!(link_type, LinkType::Autolink | LinkType::Email);
    let kept = match link_type {
        // Without the dot, rustdoc reads `<fn@example>` as the name of an item.
        LinkType::Email => dest_url.contains('.'),
        LinkType::Autolink => is_web(dest_url) || dest_url.starts_with("ftp://"),
        _ => is_web(dest_url) && markdown::can_be_destination(dest_url),
    };
    if !kept {
        let (open, close) = match (automatic, is_image) {
            (true, _) => ("<", ">".to_owned()),
            (_, true) => ("![", destination(dest_url, title)),
            (_, false) => ("[", destination(dest_url, title)),
        };
        return (Event::Text(open.into()), Event::Text(close.into()));
    }
    let (link_type, dest_url, id) =
        (if automatic { *link_type } else { LinkType::Inline }, dest_url.clone(), CowStr::from(""));
    let title = CowStr::from(visible(&title.replace('\n', " ")));
    if is_image {
        (Event::Start(Tag::Image { link_type, dest_url, title, id }), Event::End(TagEnd::Image))
    } else {
        (Event::Start(Tag::Link { link_type, dest_url, title, id }), Event::End(TagEnd::Link))
    }
}

/// The end of a link as its author wrote it.
fn destination(url: &str, title: &str) -> String {
    if title.is_empty() { format!("]({url})") } else { format!("]({url} \"{}\")", title.replace('\n', " ")) }
}

/// Words that look like Rust become code, bare URLs become links.
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
            Event::Text(text) if in_link.is_some() => out.push((Event::Text(curly(&visible(&text)).into()), range)),
            Event::Text(text) => {
                for word in words(&visible(&text)) {
                    match word {
                        Word::Text(text) => out.push((Event::Text(text.to_owned().into()), range.clone())),
                        Word::Code(code) => push_code(&mut out, (Event::Code(code.to_owned().into()), range.clone())),
                        Word::Url(url) => {
                            let (link_type, dest_url) = (LinkType::Autolink, CowStr::from(url.to_owned()));
                            let link = Tag::Link { link_type, dest_url: dest_url.clone(), title: "".into(), id: "".into() };
                            out.push((Event::Start(link), range.clone()));
                            out.push((Event::Text(dest_url), range.clone()));
                            out.push((Event::End(TagEnd::Link), range.clone()));
                        }
                    }
                }
            }
            Event::Code(_) => push_code(&mut out, (event, range)),
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

/// Markdown cannot tell two neighbouring spans of code from one.
fn push_code<'a>(out: &mut Vec<Spanned<'a>>, (event, range): Spanned<'a>) {
    match (out.last_mut(), event) {
        (Some((Event::Code(before), _)), Event::Code(code)) => *before = format!("{before}{code}").into(),
        (_, event) => out.push((event, range)),
    }
}

/// The quotes rustdoc would show: clippy takes straight ones around the text of a link for a mistake.
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
