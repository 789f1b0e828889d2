//! Draws a bar chart of the ratios in the results of all groups.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use serde_json::Value;

/// Groups whose smaller figures are better.
const GROUPS: [&str; 3] = ["generate", "build", "call"];

const LABELS: f64 = 330.0;
/// Pixels for a ratio of 1.
const ONE: f64 = 320.0;
const LINE: f64 = 24.0;

/// Draws `chart.svg` from the existing results, beside their folder.
pub(crate) fn draw(results: &Path) -> io::Result<()> {
    let rows: Vec<(String, f64)> = GROUPS.iter().flat_map(|group| rows(results, group)).collect();
    fs::write(results.with_file_name("chart.svg"), svg(&rows))
}

/// The rows of a group that have a goal for their ratio, each with its ratio.
fn rows(results: &Path, group: &str) -> Vec<(String, f64)> {
    let text = fs::read(results.join(format!("{group}.json"))).unwrap_or_default();
    let report: Value = serde_json::from_slice(&text).unwrap_or_default();
    let rows = report["rows"].as_array().cloned().unwrap_or_default();
    let of = |row: &Value| {
        let what = if group == "call" { "unary call, " } else { "" };
        let label = format!("{what}{}, {}", row["what"].as_str()?, row["unit"].as_str()?);
        let is_ratio = row["goal"].is_object() && row["goal"]["at_most_more"].is_null();
        is_ratio.then_some((label, row["ratio"]["median"].as_f64()?))
    };
    rows.iter().filter_map(of).collect()
}

fn svg(rows: &[(String, f64)]) -> String {
    let lines = u16::try_from(rows.len()).map_or(0.0, f64::from);
    let (width, height) = (LABELS + ONE * 1.35, LINE * (lines + 2.0));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>rgrpc in proportion to tonic-prost-build; shorter is better</title>\n\
         <rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LABELS:.0}\" y=\"{:.0}\">rgrpc, where tonic-prost-build is 1.0: shorter is better</text>\n",
        LINE * 0.7
    );
    let mut top = LINE;
    for (label, ratio) in rows {
        let (bar, baseline) = (ONE * ratio.min(1.2), top + LINE * 0.68);
        let color = if *ratio <= 1.0 { "#2f7d4f" } else { "#b3541e" };
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{baseline:.0}\" text-anchor=\"end\">{label}</text>\n\
             <rect x=\"{LABELS:.0}\" y=\"{:.0}\" width=\"{bar:.0}\" height=\"{:.0}\" fill=\"{color}\"/>\n\
             <text x=\"{:.0}\" y=\"{baseline:.0}\">{ratio:.2}</text>",
            LABELS - 8.0,
            top + 3.0,
            LINE - 6.0,
            LABELS + bar + 6.0,
        );
        top += LINE;
    }
    let one = LABELS + ONE;
    let _ = writeln!(
        svg,
        "<line x1=\"{one:.0}\" y1=\"{LINE:.0}\" x2=\"{one:.0}\" y2=\"{top:.0}\" stroke=\"#555555\" stroke-dasharray=\"3\"/>"
    );
    svg + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_ratio() {
        let svg = svg(&[("a, s".to_owned(), 0.5)]);
        assert!(svg.contains("<rect x=\"330\" y=\"27\" width=\"160\""), "{svg}");
    }
}
