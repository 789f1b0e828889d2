//! Prints the rows of a group as tables, and writes them to `results/<group>.json`, RESULTS.md and the chart.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{fs, io, thread};

use serde_json::{Value, json};

use crate::chart;
use crate::compare::{Figures, Goal, Row};

/// Prints and writes the rows, each list with the name of the other side, and the machine on which they were measured.
pub(crate) fn write(group: &str, lists: &[(&str, &[Row])]) -> io::Result<()> {
    let (cpu, cores) = (cpu(), thread::available_parallelism()?.get());
    let machine = format!("{cpu}, {cores} cores, {}", env!("RUSTC_VERSION"));
    println!("{machine}");
    for (other, rows) in lists {
        print(other, rows);
    }

    let results = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    fs::create_dir_all(&results)?;
    let path = results.join(format!("{group}.json"));
    let rows = lists.iter().flat_map(|(other, rows)| rows.iter().map(|row| object(other, row)));
    let mut report = json!({
        "group": group,
        "machine": { "cpu": cpu, "cores": cores },
        "versions": {
            "rustc": env!("RUSTC_VERSION"),
            "rgrpc": env!("CARGO_PKG_VERSION"),
            "tonic-prost-build": locked("tonic-prost-build"),
            "prost": locked("prost"),
        },
        "rows": rows.collect::<Vec<_>>(),
    });
    for (other, _) in lists {
        let version = version(other);
        if !version.is_empty() {
            report["versions"][other] = version.into();
        }
    }
    fs::write(&path, format!("{report:#}\n"))?;
    println!("written to {}", path.display());
    let tables: String = lists.iter().map(|(other, rows)| table(other, rows)).collect();
    into_markdown(&results.with_file_name("RESULTS.md"), group, &format!("{machine}:\n{tables}"))?;
    chart::draw(&results)
}

fn print(other: &str, rows: &[Row]) {
    println!("{:<44} {:>14} {other:>14} {:>7} {:>15}  goal", "", "rgrpc", "ratio", "quartiles");
    for row in rows {
        let Figures { ours, theirs, ratio } = row.figures;
        println!(
            "{:<44} {ours:>14.1} {theirs:>14.1} {:>7.3} {:>15}  {}",
            format!("{}, {}", row.what, row.unit),
            ratio.median,
            format!("{:.3}-{:.3}", ratio.low, ratio.high),
            verdict(row),
        );
    }
}

/// Replaces the table between the markers of its group.
fn into_markdown(path: &Path, group: &str, table: &str) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    let (start, end) = (format!("<!-- {group} -->\n"), format!("<!-- end of {group} -->\n"));
    let parts = text.split_once(&start).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) =
        parts.ok_or_else(|| io::Error::other(format!("{} has no place for {group}", path.display())))?;
    fs::write(path, format!("{before}{start}{table}{end}{after}"))
}

fn table(other: &str, rows: &[Row]) -> String {
    let mut table = format!("\n| | rgrpc | {other} | ratio (quartiles) | goal |\n|---|---:|---:|---:|---|\n");
    for row in rows {
        let Row { what, unit, figures: Figures { ours, theirs, ratio }, .. } = row;
        let [low, median, high] = [ratio.low, ratio.median, ratio.high];
        let _ = writeln!(
            table,
            "| {what}, {unit} | {ours:.1} | {theirs:.1} | {median:.3} ({low:.3}–{high:.3}) | {} |",
            verdict(row)
        );
    }
    table
}

fn verdict(row: &Row) -> String {
    let word = if row.goal.is_met(row.figures) { "met" } else { "missed" };
    match row.goal {
        Goal::AtMost(most) => format!("<= {most:.2} {word}"),
        Goal::AtLeast(least) => format!(">= {least:.2} {word}"),
        Goal::AtMostMore(most) => format!("<= +{most:.0} {word}"),
        Goal::None => String::new(),
    }
}

fn object(other: &str, row: &Row) -> Value {
    let goal = match row.goal {
        Goal::AtMost(most) => json!({ "at_most": most }),
        Goal::AtLeast(least) => json!({ "at_least": least }),
        Goal::AtMostMore(most) => json!({ "at_most_more": most }),
        Goal::None => Value::Null,
    };
    let Figures { ours, theirs, ratio } = row.figures;
    json!({
        "what": row.what,
        "unit": row.unit,
        "rgrpc": ours,
        other: theirs,
        "ratio": { "low": ratio.low, "median": ratio.median, "high": ratio.high },
        "goal": goal,
    })
}

/// Returns the version of the other side: of a package, or of the pinned protoc.
fn version(other: &str) -> String {
    if other != "protoc" {
        return locked(other).to_owned();
    }
    let said =
        Command::new(testdata::protoc()).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).trim().trim_start_matches("libprotoc ").to_owned()
}

/// Returns the version of a package in the lock file of the workspace, or else in that of `connect/`.
fn locked(package: &str) -> &'static str {
    let entry = format!("name = \"{package}\"\nversion = \"");
    let locks = [include_str!("../../Cargo.lock"), include_str!("../connect/Cargo.lock")];
    let rest = locks.iter().find_map(|lock| Some(lock.split_once(&entry)?.1)).unwrap_or_default();
    rest.split('"').next().unwrap_or_default()
}

fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, model)| model.to_owned())
}
