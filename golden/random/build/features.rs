//! Collects the Cargo features of all cases, and enables most of them.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_codegen::Output;

use crate::random::Random;

/// Each feature with the features that it enables.
#[derive(Default)]
pub struct Features(BTreeMap<String, BTreeSet<String>>);

impl Features {
    /// Adds the features that the options name and the output declares.
    pub fn add(&mut self, options: &[String], output: &Output) {
        let gates = ["client_feature", "server_feature"];
        let named = options.iter().filter_map(|option| option.split_once('=')).filter(|(name, _)| gates.contains(name));
        self.0.extend(named.map(|(_, feature)| (feature.to_owned(), BTreeSet::new())).collect::<BTreeMap<_, _>>());
        for file in output.files.iter().filter(|file| file.name.strip_suffix(".toml").is_some()) {
            for (name, needs) in file.content.lines().filter_map(|line| line.split_once(" = [")) {
                let needs = needs.trim_end_matches(']').split(", ").map(|need| need.trim_matches('"').to_owned());
                let needs = needs.filter(|need| !need.is_empty());
                self.0.entry(name.trim_matches('"').to_owned()).or_default().extend(needs);
            }
        }
    }

    /// Enables most features, with all that they enable.
    pub fn print(&self, random: &mut Random) {
        let mut on: BTreeSet<&String> = self.0.keys().filter(|_| !random.one_in(4)).collect();
        let mut left: Vec<&String> = on.iter().copied().collect();
        while let Some(feature) = left.pop() {
            left.extend(self.0.get(feature).into_iter().flatten().filter(|need| on.insert(need)));
        }
        for feature in self.0.keys() {
            println!("cargo::rustc-check-cfg=cfg(feature, values({feature:?}))");
        }
        for feature in on {
            println!("cargo::rustc-cfg=feature={feature:?}");
        }
    }
}
