//! Checks that two folders of generated code have the same methods and messages.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::{fs, io};

use super::Out;
use crate::corpus;

/// The contents of generated code.
#[derive(PartialEq)]
struct Outcome {
    /// The methods, by their paths on the wire.
    methods: BTreeSet<String>,
    messages: usize,
    enums: usize,
}

/// Describes the output of both sides.
pub(crate) fn same(out: &Out) -> Result<String, Box<dyn Error>> {
    let [ours, theirs] = [&out.ours, &out.theirs].map(|folder| texts(folder).map(|texts| read(&texts.concat())));
    let (ours, theirs) = (ours?, theirs?);
    let said = |Outcome { methods, messages, enums }: &Outcome| {
        format!("{} methods, {messages} messages, {enums} enums", methods.len())
    };
    if ours == theirs && !ours.methods.is_empty() {
        Ok(said(&ours))
    } else {
        Err(format!("not the same work: rgrpc made {}, the other side {}", said(&ours), said(&theirs)).into())
    }
}

fn read(text: &str) -> Outcome {
    let paths = text.split('"').filter(|string| is_path(string)).map(str::to_owned);
    let methods = paths.chain(text.split("::rgrpc::descriptors! {").skip(1).flat_map(declared)).collect();
    let derived = |name: &str| text.matches(name).count();
    Outcome { methods, messages: derived("prost::Message)]"), enums: derived("prost::Enumeration") }
}

/// The paths of the methods that `rgrpc::descriptors!` declares: `SERVICE = new("user.v1.UserService"); GET_USER = unary("GetUser");`.
fn declared(table: &str) -> impl Iterator<Item = String> {
    let table = table.split_once('}').map_or(table, |(table, _)| table);
    let mut names = table.split('"').skip(1).step_by(2);
    let service = names.next().unwrap_or_default();
    names.map(move |method| format!("/{service}/{method}"))
}

/// Whether a string is the path of a method: `/user.v1.UserService/GetUser`.
fn is_path(string: &str) -> bool {
    let named = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._".contains(c));
    string
        .strip_prefix('/')
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(service, method)| named(service) && service.contains('.') && named(method))
}

/// Returns the total size of a part of each file in a folder.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn kilobytes(folder: &Path, part: impl Fn(&str) -> &str) -> io::Result<f64> {
    Ok(texts(folder)?.iter().map(|text| part(text).len() as f64 / 1e3).sum())
}

fn texts(folder: &Path) -> io::Result<Vec<String>> {
    let files = corpus::files(folder, ".", "rs")?;
    files.iter().map(|file| fs::read_to_string(folder.join(file))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `build.rs` has both sides generate one service.
    #[test]
    fn the_methods_of_both_sides_are_found() {
        let ours = read(include_str!(concat!(env!("OUT_DIR"), "/bench.v1.rs")));
        let theirs = read(include_str!(concat!(env!("OUT_DIR"), "/tonic/bench.v1.rs")));
        assert!(ours.methods.contains("/bench.v1.Echo/Once"), "{:?}", ours.methods);
        assert_eq!(ours.methods, theirs.methods);
    }
}
