//! Emits the Cargo features of packages, as the `[features]` table of a Cargo.toml.

use std::fmt::Write as _;

use crate::model::Package;

/// The table of features. `gates` are the features of clients and servers.
pub(crate) fn cargo_features(packages: &[Package], gates: &[&str]) -> String {
    let packages = packages.iter().filter_map(|package| package.feature.as_ref());
    let gates = gates.iter().map(|&gate| (gate, &[][..]));
    let mut features: Vec<(&str, &[String])> = packages.map(|feature| (&*feature.name, &*feature.needs)).collect();
    features.extend(gates);
    features.sort_unstable();
    features.dedup();
    let mut text = "[features]\nfull = [\n".to_owned();
    for (name, _) in &features {
        let _ = writeln!(text, "    {name:?},");
    }
    text += "]\n";
    for (name, needs) in features {
        let _ = writeln!(text, "{} = {needs:?}", key(name));
    }
    text
}

/// Spells a name as a TOML key.
fn key(name: &str) -> String {
    let is_bare = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_bare { name.to_owned() } else { format!("{name:?}") }
}
