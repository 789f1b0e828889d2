//! Compares the outcomes of the two compilers over groups of files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rgrpc_schema::parallel::{self, Work};
use rgrpc_schema::split;

use crate::compiler::{Asked, Compiler, Outcome, Place, Verdict};
use crate::difference;
use crate::tally::{Kind, Tally};

/// The size of the groups that are tried if all files together are refused.
const GROUP: usize = 64;

pub struct Judge {
    pub protoc: Compiler,
    pub candidate: Compiler,
}

impl Judge {
    /// Compares files in groups of a size; a group that is refused is split into smaller ones.
    pub fn compare(&self, includes: &[PathBuf], files: &[String], size: usize, tally: &mut Tally) {
        let groups: Vec<&[String]> = files.chunks(size.max(1)).collect();
        let tallies = parallel::map(Work::Much, &groups, |group| {
            let mut tally = Tally::default();
            let smaller = self.group(includes, group, &mut tally);
            (tally, smaller)
        });
        for (group, (found, smaller)) in groups.into_iter().zip(tallies) {
            match smaller {
                Smaller::Needed if group.len() > GROUP => self.compare(includes, group, GROUP, tally),
                Smaller::Needed => self.compare(includes, group, 1, tally),
                Smaller::Done => tally.add(found),
            }
        }
    }

    fn group(&self, includes: &[PathBuf], files: &[String], tally: &mut Tally) -> Smaller {
        let run = |asked| {
            let [protoc, ours] = [&self.protoc, &self.candidate].map(|compiler| compiler.run(includes, files, asked));
            (protoc, ours)
        };
        let (protoc, ours) = run(Asked::Plain);
        let both = (protoc.verdict, ours.verdict);
        if both != (Verdict::Accepted, Verdict::Accepted) && files.len() > 1 {
            return Smaller::Needed;
        }
        match both {
            (Verdict::Crashed, _) => tally.count(Kind::ProtocCrashes, &files[0], String::new),
            (_, Verdict::Crashed) => tally.count(Kind::Crash, &files[0], || last(&ours.said)),
            (Verdict::Accepted, Verdict::Refused) => tally.count(Kind::LegalRefused, &files[0], || first(&ours.said)),
            (Verdict::Refused, Verdict::Accepted) => {
                tally.count(Kind::BrokenAccepted, &files[0], || first(&protoc.said));
            }
            (Verdict::Refused, Verdict::Refused) => refusals(&files[0], &protoc, &ours, tally),
            (Verdict::Accepted, Verdict::Accepted) => {
                sets(&protoc.set, &ours.set, Kind::Equal, tally);
                let (protoc, ours) = run(Asked::Complete);
                sets(&protoc.set, &ours.set, Kind::EqualComplete, tally);
            }
        }
        Smaller::Done
    }
}

/// Whether a group has to be split to tell which of its files differ.
enum Smaller {
    Needed,
    Done,
}

/// Compares two descriptor sets: their files, and the order of these.
fn sets(protoc: &[u8], ours: &[u8], equal: Kind, tally: &mut Tally) {
    let [protoc, ours] = [protoc, ours].map(|set| split(set).expect("a descriptor set"));
    let by_name: BTreeMap<&str, &[u8]> = ours.iter().map(|file| (difference::name(file), *file)).collect();
    for file in &protoc {
        let name = difference::name(file);
        match by_name.get(name) {
            Some(other) if other == file => tally.count(equal, name, String::new),
            Some(other) => tally.count(Kind::Differs, name, || difference::first(file, other)),
            None => tally.count(Kind::Differs, name, || "it is missing".to_owned()),
        }
    }
    let names = |files: &[&[u8]]| files.iter().map(|file| difference::name(file).to_owned()).collect::<Vec<_>>();
    if names(&protoc) != names(&ours) {
        tally.count(Kind::Differs, "the set", || "files are missing, or in another order".to_owned());
    }
}

/// Compares the positions of the first errors. If protoc names no line, or only the file, any position will do.
fn refusals(file: &str, protoc: &Outcome, ours: &Outcome, tally: &mut Tally) {
    let place = |outcome: &Outcome| outcome.places().into_iter().next();
    let (Some(expected), found) = (place(protoc), place(ours)) else {
        return tally.count(Kind::RefusedAlike, file, String::new);
    };
    let is_whole = expected.line == 0 || (expected.line, expected.column) == (1, 1);
    let is_same = |found: &Place| found.line == expected.line && same_file(&expected.file, &found.file);
    if is_whole || found.as_ref().is_some_and(is_same) {
        tally.count(Kind::RefusedAlike, file, String::new);
    } else {
        tally.count(Kind::RefusedElsewhere, file, || format!("{}\n    {}", first(&protoc.said), first(&ours.said)));
    }
}

/// Returns whether a name and a path on disk are of the same file: one ends with the other.
fn same_file(name: &str, path: &str) -> bool {
    Path::new(path).ends_with(name) || Path::new(name).ends_with(path)
}

fn first(said: &str) -> String {
    said.lines().find(|line| !line.contains(": warning: ")).unwrap_or_default().to_owned()
}

fn last(said: &str) -> String {
    said.lines().last().unwrap_or_default().to_owned()
}
