//! Compiles texts that only import bundled files.

use std::collections::BTreeMap;

use rgrpc_schema::file::File;
use rgrpc_schema::{Diagnostic, Input, Retention, SourceInfo, bundled, decode, encode, link, parse};

/// Returns the descriptor with source info, or the errors.
pub fn compile(text: &[u8]) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let parsed = parse("a.proto", text);
    if !parsed.errors.is_empty() {
        return Err(parsed.errors);
    }
    let mut imported = BTreeMap::new();
    collect(&parsed.file, &mut imported);
    let imported = imported.into_values().map(Input::Imported);
    let inputs = std::iter::once(Input::Named(parsed.file)).chain(imported).collect();
    match link(inputs, Retention::Retain) {
        Ok(linked) => {
            let file = linked.files.iter().find(|file| file.name == "a.proto").unwrap();
            Ok(encode(file, SourceInfo::Kept))
        }
        Err(errors) => Err(errors.as_slice().to_vec()),
    }
}

fn collect(file: &File, imported: &mut BTreeMap<String, File>) {
    for import in &file.imports {
        if let Some(bytes) = bundled::descriptor(&import.path.value)
            && !imported.contains_key(&import.path.value)
        {
            let file = decode(bytes).unwrap();
            imported.insert(file.name.clone(), file.clone());
            collect(&file, imported);
        }
    }
}
