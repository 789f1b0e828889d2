//! Markdown events with their source ranges.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

/// A Markdown event, and its range in the text.
pub(super) type Spanned<'a> = (Event<'a>, Range<usize>);

pub(super) fn is_emphasis(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
    )
}
