//! Adds imported files to the files that a user lists, if the option `imports` is set.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::DescriptorSet;

use super::table::Options;

/// The folder of the files whose types are in `prost_types`.
const WELL_KNOWN: &str = "google/protobuf/";

impl Options {
    /// Returns the files to generate: the listed ones, and with the option `imports` everything that they import, sorted.
    ///
    /// Imports in `google/protobuf` are added only with `compile_well_known_types`. Files whose types an `extern_path` maps may be added
    /// too; the generator skips them.
    ///
    /// ```
    /// let options = rgrpc_codegen::Options::parse("imports=true")?;
    /// let set = rgrpc_codegen::DescriptorSet::decode(Vec::new())?;
    /// assert_eq!(options.to_generate(&set, vec!["user.proto".to_owned()]), ["user.proto"]);
    /// # Ok::<_, rgrpc_codegen::Errors>(())
    /// ```
    #[must_use]
    pub fn to_generate(&self, set: &DescriptorSet, listed: Vec<String>) -> Vec<String> {
        if !self.imports {
            return listed;
        }
        let imports: BTreeMap<&str, Vec<&str>> = set.file_imports().map(|file| (file.name, file.imports)).collect();
        let mut found: BTreeSet<String> = BTreeSet::new();
        let mut unread = listed;
        while let Some(name) = unread.pop() {
            let imported = imports.get(&*name).into_iter().flatten();
            let imported = imported.filter(|name| self.compile_well_known_types || !name.starts_with(WELL_KNOWN));
            unread.extend(imported.filter(|name| !found.contains(**name)).map(|name| (*name).to_owned()));
            found.insert(name);
        }
        found.into_iter().collect()
    }
}
