//! The property of linking.

use rgrpc_schema::{Diagnostic, Input, Retention, SourceInfo, bundled, decode, encode, parse};

/// Separates the files of an input; no file contains it.
const SEPARATOR: u8 = 0x1e;

/// The names of the files of an input, the first of which is named and the others imported.
const NAMES: [&str; 3] = ["a.proto", "b.proto", "c.proto"];

/// Parsed files can be linked, or are refused with positions that are in them. Linked files are descriptors, and linking those again does
/// not change them.
///
/// # Panics
/// Panics if the property does not hold.
pub fn link(texts: &[u8]) {
    let texts: Vec<&[u8]> = texts.split(|byte| *byte == SEPARATOR).take(NAMES.len()).collect();
    for retention in [Retention::Strip, Retention::Retain] {
        match rgrpc_schema::link(inputs(&texts), retention) {
            Err(errors) => errors.as_slice().iter().for_each(|error| is_in(error, &texts)),
            Ok(linked) => {
                linked.warnings.iter().for_each(|warning| is_in(warning, &texts));
                let encoded: Vec<_> = linked.files.iter().map(|file| encode(file, SourceInfo::Kept)).collect();
                let decoded = encoded.iter().map(|bytes| decode(bytes.clone()).expect("a descriptor"));
                let again = rgrpc_schema::link(decoded.map(Input::Imported).collect(), retention);
                let again = again.unwrap_or_else(|errors| panic!("linked once, but not twice: {errors}"));
                let encoded_again: Vec<_> = again.files.iter().map(|file| encode(file, SourceInfo::Kept)).collect();
                assert_eq!(encoded, encoded_again);
            }
        }
    }
}

/// Returns the files that can be parsed, and all bundled files.
fn inputs(texts: &[&[u8]]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for (index, (name, text)) in NAMES.into_iter().zip(texts).enumerate() {
        let parsed = parse(name, text);
        inputs.push(match parsed.errors.is_empty() {
            false => Input::Broken(name.to_owned()),
            true if index == 0 => Input::Named(parsed.file),
            true => Input::Imported(parsed.file),
        });
    }
    let bundled = bundled::names().filter_map(bundled::descriptor);
    inputs.extend(bundled.map(|bytes| Input::Imported(decode(bytes).expect("a bundled descriptor"))));
    inputs
}

fn is_in(diagnostic: &Diagnostic, texts: &[&[u8]]) {
    let positions = diagnostic.position.iter().chain(diagnostic.note.as_ref().map(|note| &note.position));
    for position in positions {
        let Some(index) = NAMES.iter().position(|name| *name == position.file) else { continue };
        let lines = texts[index].split(|byte| *byte == b'\n').count();
        let (line, column) = position.line_column.expect("a line");
        assert!(line > 0 && line as usize <= lines && column > 0, "{diagnostic}");
    }
}
