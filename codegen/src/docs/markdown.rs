//! Writes sanitized events as Markdown, with the indentation that clippy's doc lints ask for.

use pulldown_cmark::{Alignment, Event, LinkType, Tag, TagEnd};

use super::event::Spanned;
use super::inline::{Place, code_span, destination, escape, ticks};

/// The most levels of nested lists and quotes. Each line repeats the indentation of all levels.
const DEPTH: usize = 12;

const AUTOLINK_END: &str = ">";

/// Writes text as a code block, which is not a doctest.
pub(super) fn fence(text: &str) -> String {
    let fence = ticks(text, 3);
    format!("{fence}text\n{text}\n{fence}")
}

/// Writes the sanitized events of `source`; `None` if they are nested too deeply.
pub(super) fn write(source: &str, events: &[Spanned<'_>]) -> Option<String> {
    let mut page = Page { text: String::with_capacity(source.len()), ..Page::default() };
    for (index, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(tag) => page.start(tag, &source[range.clone()], &events[index + 1..]),
            Event::End(tag) => page.end(*tag),
            Event::Text(text) => page.text(text),
            Event::Code(code) => page.inline(&code_span(code, page.place)),
            Event::SoftBreak => page.new_line(),
            Event::HardBreak => {
                page.inline("\\");
                page.new_line();
            }
            Event::Rule => {
                page.block("___");
                page.ended();
            }
            Event::TaskListMarker(done) => {
                page.inline(if *done { "[x] " } else { "[ ] " });
                page.fresh = page.text.len();
            }
            _ => return None,
        }
        if page.containers.len() > DEPTH {
            return None;
        }
    }
    let lines: Vec<&str> = page.text.lines().map(|line| line.trim_end_matches(' ')).collect();
    Some(lines.join("\n"))
}

/// The gap between two blocks.
#[derive(Debug, Clone, Copy)]
enum Gap {
    Line,
    Blank,
}

/// The Markdown written so far.
#[derive(Debug, Default)]
struct Page {
    text: String,
    /// The prefix of every line: `>   `.
    prefix: String,
    /// The open quotes and list items: the length of the prefix outside each, and the gap between the blocks inside.
    containers: Vec<(usize, Gap)>,
    /// The open lists: the gap between the items of each.
    lists: Vec<Gap>,
    /// The length of the text when the last line held nothing but prefix and markers, so that content can follow on it.
    fresh: usize,
    /// Whether the last block is complete.
    complete: bool,
    place: Place,
    /// The texts that end the open links, images, emphasis and code blocks.
    ends: Vec<String>,
    columns: Vec<Alignment>,
}

impl Page {
    fn start(&mut self, tag: &Tag<'_>, original: &str, inside: &[Spanned<'_>]) {
        match tag {
            Tag::Paragraph => self.block(""),
            Tag::Heading { level, .. } => {
                self.block(&format!("{} ", &"######"[..*level as usize]));
                self.place = Place::Heading;
            }
            Tag::BlockQuote(_) => self.open("> ", "> ", Gap::Blank),
            Tag::CodeBlock(_) => {
                let code =
                    inside.first().map_or("", |(event, _)| if let Event::Text(code) = event { code } else { "" });
                let fence = ticks(code, 3);
                self.block(&fence);
                self.text.push_str("text");
                self.ends.push(fence);
                self.place = Place::Code;
            }
            Tag::List(_) => {
                self.block("");
                self.lists.push(gap_between_items(inside));
            }
            Tag::Item => {
                let gap = self.lists.last().copied().unwrap_or(Gap::Blank);
                if self.text.len() != self.fresh {
                    self.separate(gap);
                }
                let marker = original.split_whitespace().next().unwrap_or_default();
                self.open(&format!("{marker} "), &" ".repeat(marker.len() + 1), gap);
            }
            Tag::Table(columns) => {
                self.block("");
                self.columns.clone_from(columns);
                self.place = Place::Table;
            }
            Tag::TableRow => self.new_line(),
            Tag::TableCell => self.text.push_str("| "),
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                let mark = if original.starts_with('_') { "_" } else { "*" };
                let mark = match tag {
                    Tag::Emphasis => mark.to_owned(),
                    Tag::Strong => mark.repeat(2),
                    _ => "~~".to_owned(),
                };
                self.inline(&mark);
                self.ends.push(mark);
            }
            Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. } => {
                self.inline("<");
                self.ends.push(AUTOLINK_END.to_owned());
            }
            Tag::Link { dest_url, title, .. } => {
                if self.text.ends_with('!') {
                    self.text.insert(self.text.len() - 1, '\\');
                }
                self.inline("[");
                self.ends.push(destination(dest_url, title));
            }
            Tag::Image { dest_url, title, .. } => {
                self.inline("![");
                self.ends.push(destination(dest_url, title));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::Item => {
                let (outside, _) = self.containers.pop().expect("an end has a start");
                self.prefix.truncate(outside);
                self.ended();
            }
            TagEnd::CodeBlock => {
                self.new_line();
                let fence = self.ends.pop().expect("an end has a start");
                self.text.push_str(&fence);
                self.ended();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.ended();
            }
            TagEnd::TableHead => {
                self.text.push('|');
                self.new_line();
                for column in &self.columns {
                    self.text.push_str(match column {
                        Alignment::None => "| --- ",
                        Alignment::Left => "| :-- ",
                        Alignment::Center => "| :-: ",
                        Alignment::Right => "| --: ",
                    });
                }
                self.text.push('|');
            }
            TagEnd::TableRow => self.text.push('|'),
            TagEnd::TableCell => self.text.push(' '),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => {
                let end = self.ends.pop().expect("an end has a start");
                self.inline(&end);
            }
            _ => self.ended(),
        }
    }

    /// Starts a block, on a new line unless it is the first of a list item or a quote.
    fn block(&mut self, start: &str) {
        if self.text.len() != self.fresh {
            self.separate(self.containers.last().map_or(Gap::Blank, |&(_, gap)| gap));
        }
        self.complete = false;
        self.text.push_str(start);
    }

    /// Starts a list item or a quote.
    fn open(&mut self, marker: &str, indent: &str, gap: Gap) {
        self.block(marker);
        self.fresh = self.text.len();
        self.containers.push((self.prefix.len(), gap));
        self.prefix.push_str(indent);
    }

    /// Marks the current block as complete.
    fn ended(&mut self) {
        self.place = Place::Paragraph;
        self.complete = true;
        self.fresh = usize::MAX;
    }

    /// Appends to a paragraph, and starts one if none is open: in a tight list item, no event does.
    fn inline(&mut self, text: &str) {
        if self.complete {
            self.block("");
        }
        self.text.push_str(text);
    }

    fn new_line(&mut self) {
        self.text.push('\n');
        self.text.push_str(&self.prefix);
        self.fresh = self.text.len();
    }

    fn separate(&mut self, gap: Gap) {
        if let Gap::Blank = gap {
            self.text.push('\n');
            self.text.push_str(self.prefix.trim_end());
        }
        self.new_line();
    }

    /// Appends text: escaped, except in code blocks and autolinks.
    fn text(&mut self, text: &str) {
        if self.place == Place::Code {
            for line in text.lines() {
                self.new_line();
                self.text.push_str(line);
            }
        } else if self.ends.last().is_some_and(|end| end == AUTOLINK_END) {
            self.text.push_str(text);
        } else {
            self.inline("");
            let starts_line = self.text.len() == self.fresh && self.place == Place::Paragraph;
            escape(&mut self.text, text, self.place, starts_line);
        }
    }
}

/// The gap between the items of a list. pulldown-cmark reports paragraphs only in items of a loose list.
fn gap_between_items(inside: &[Spanned<'_>]) -> Gap {
    let mut depth = 0_usize;
    for (event, _) in inside {
        match event {
            Event::Start(Tag::Paragraph) if depth == 1 => return Gap::Blank,
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => break,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    Gap::Line
}
