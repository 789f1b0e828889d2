//! Styles of text on a terminal, which `anstream` removes for other readers.

use anstyle::{AnsiColor, Style};

pub(crate) const BOLD: Style = Style::new().bold();

pub(crate) fn color(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(color.into()))
}

/// Styles each line of a text, by its index and its contents.
pub(crate) fn lines(text: &str, style: impl Fn(usize, &str) -> Style) -> String {
    let styled = text.lines().enumerate().map(|(index, line)| {
        let style = style(index, line);
        format!("{style}{line}{style:#}")
    });
    styled.collect::<Vec<_>>().join("\n")
}
