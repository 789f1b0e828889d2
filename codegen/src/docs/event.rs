//! Markdown events, with where they came from.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

/// A Markdown event, and the part of the text that it stands for.
pub(super) type Spanned<'a> = (Event<'a>, Range<usize>);

pub(super) fn is_emphasis(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
    )
}
