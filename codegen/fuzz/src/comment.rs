//! The claim about comments: a Markdown parser finds nothing in their rustdoc on which rustdoc or clippy would act.

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use rgrpc_codegen::docs::rustdoc;

/// Checks that any comment becomes harmless rustdoc.
///
/// # Panics
/// Panics if the claim does not hold.
pub fn comment(comment: &str) {
    let docs = rustdoc(comment);
    let lines: Vec<&str> = docs.lines().collect();
    for &line in &lines {
        assert!(line.is_empty() || line.starts_with(' '), "{comment:?}: {line:?}");
        assert_eq!(line, line.trim_end(), "{comment:?}");
        assert!(!line.contains(char::is_control), "{comment:?}: {line:?}");
        assert!(!line.contains('\u{202e}'), "{comment:?}: {line:?}");
    }
    assert!(!lines.first().is_some_and(|line| line.is_empty()), "{comment:?}");
    assert!(!docs.ends_with('\n'), "{comment:?}");
    let text: Vec<&str> = lines.iter().map(|line| line.strip_prefix(' ').unwrap_or_default()).collect();
    let text = text.join("\n");
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let mut broken = |link: BrokenLink<'_>| panic!("{comment:?}: a broken link {:?} in {text:?}", link.reference);
    let mut verbatim = 0_usize;
    for (event, range) in Parser::new_with_broken_link_callback(&text, options, Some(&mut broken)).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                assert_eq!(kind, CodeBlockKind::Fenced("text".into()), "{comment:?}: {text:?}");
                verbatim += 1;
            }
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                let web = dest_url.to_ascii_lowercase().starts_with("http");
                let automatic = matches!(link_type, LinkType::Autolink | LinkType::Email);
                assert!(web || automatic, "{comment:?}: a link to {dest_url}");
                verbatim += 1;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::Link) => verbatim -= 1,
            Event::Text(part) if verbatim == 0 => {
                assert!(!has_url(&part), "{comment:?}: a bare URL in {text:?}");
                let escaped = range.start > 0 && text.as_bytes()[range.start - 1] == b'\\';
                assert!(!part.contains('`') || escaped, "{comment:?}: a stray backtick in {text:?}");
            }
            Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => {
                panic!("{comment:?}: {event:?} in {text:?}")
            }
            _ => {}
        }
    }
}

fn has_url(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        text[..at].ends_with(|c: char| c.is_ascii_alphabetic())
            && text[at + 3..].starts_with(|c: char| c.is_alphanumeric())
    })
}
