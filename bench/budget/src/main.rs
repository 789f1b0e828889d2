//! Counts the instructions of a call in each case, and fails if a case exceeds its limit: `cargo run --release -p budget`. Needs valgrind.

mod calls;
mod recorded;
mod table;
#[allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]
#[path = "../../../runtime/tests/proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use std::collections::BTreeMap;
use std::env;
use std::process::{Command, ExitCode};

use calls::Outcome;

/// The numbers of calls in a short and in a long run, whose difference leaves out the start of the program.
const CALLS: [u32; 2] = [500, 1500];

fn main() -> Outcome<ExitCode> {
    let words: Vec<_> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => compare(),
        [case, calls] => calls::make(case, calls.parse()?).map(|()| ExitCode::SUCCESS),
        _ => Err("usage: budget [CASE CALLS]".into()),
    }
}

/// Prints the table with the counted instructions, and fails if a case exceeds its limit.
fn compare() -> Outcome<ExitCode> {
    let mut counted = BTreeMap::new();
    let mut instructions = |case: &'static str| -> Outcome<i64> {
        if let Some(known) = counted.get(case) {
            return Ok(*known);
        }
        let [fewer, more] = CALLS.map(|calls| count(case, calls));
        let each = (more? - fewer?) / i64::from(CALLS[1] - CALLS[0]);
        counted.insert(case, each);
        Ok(each)
    };
    let mut failed = 0;
    for row in &table::ROWS {
        let whole = instructions(row.case)?;
        let found = row.beyond.map_or(Ok(0), &mut instructions).map(|beyond| whole - beyond)?;
        let most = row.most();
        let verdict = if found > most { "FAILED" } else { "ok" };
        failed += usize::from(found > most);
        let beyond = row.beyond.map(|beyond| format!(", beyond {beyond}")).unwrap_or_default();
        println!("{found:6} of {:6} (at most {most:6}) {verdict}: {}{beyond}", row.instructions, row.case);
    }
    println!("\n{} passed, {failed} failed", table::ROWS.len() - failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the instructions of one run of this program.
fn count(case: &str, calls: u32) -> Outcome<i64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    let run = valgrind.arg(env::current_exe()?).args([case, &calls.to_string()]).output();
    let run = run.map_err(|error| format!("cannot run valgrind, a package of that name: {error}"))?;
    let said = String::from_utf8_lossy(&run.stderr);
    let total = said.lines().find_map(|line| line.split_once("refs:")).filter(|_| run.status.success());
    let (_, total) = total.ok_or_else(|| format!("`{case}` failed: {said}"))?;
    Ok(total.trim().replace(',', "").parse()?)
}
