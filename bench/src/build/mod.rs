//! Measures the compilation of a crate that implements and calls 137 methods, and of the generators themselves.

mod dependency;
mod project;
mod usage;

use std::error::Error;

use crate::compare::{Figures, Goal, Row, alternate};
use crate::programs::{self, Profile, Programs};
use crate::{corpus, process, report};
use project::Project;

pub(crate) fn run(rounds: Option<usize>) -> Result<(), Box<dyn Error>> {
    let rounds = rounds.unwrap_or(3);
    let cache = programs::target()?.join("bench");
    let programs = Programs::build(Profile::Release)?;
    let (_, set) = corpus::described(&cache, &corpus::fetch(&cache)?, corpus::DIALOGFLOW)?;
    let ours = Project::rgrpc(&programs, &cache.join("build/rgrpc"), &set)?;
    let theirs = Project::tonic(&programs, &cache.join("build/tonic"), &set)?;

    let mut rows = Vec::new();
    let commands = [
        ("check", &["check"][..], 0.85),
        ("debug build", &["build"], 0.7),
        ("release build", &["build", "--release"], 0.5),
    ];
    for (what, arguments, most) in commands {
        let [figures] = alternate(rounds, || [ours.compile(arguments)], || [theirs.compile(arguments)]);
        rows.push(Row { what: format!("137 methods, {what}"), unit: "CPU s", goal: Goal::AtMost(most), figures });
    }
    for (profile, goal) in [("debug", Goal::None), ("release", Goal::AtMost(0.6))] {
        let figures = once(ours.program(profile)?, theirs.program(profile)?);
        rows.push(Row { what: format!("137 methods, {profile} binary"), unit: "MB", goal, figures });
    }

    let ours = dependency::rgrpc(&cache.join("build/rgrpc-build"))?;
    let theirs = dependency::tonic(&cache.join("build/tonic-prost-build"))?;
    let what = || "build-dependency, first build".to_owned();
    let figures = once(dependency::crates(&ours)?, dependency::crates(&theirs)?);
    rows.push(Row { what: what(), unit: "crates", goal: Goal::AtMost(1.0), figures });
    let cold = |project: &Project| {
        project.clean();
        [process::processor_seconds(&mut project.cargo(&["build"]))]
    };
    let [figures] = alternate(rounds, || cold(&ours), || cold(&theirs));
    rows.push(Row { what: what(), unit: "CPU s", goal: Goal::AtMost(1.0), figures });
    Ok(report::write("build", &[("tonic", &rows)])?)
}

/// Figures that are measured once, because they do not vary.
fn once(ours: f64, theirs: f64) -> Figures {
    let [figures] = alternate(1, || [ours], || [theirs]);
    figures
}
