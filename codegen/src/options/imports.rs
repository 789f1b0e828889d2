//! The files that a caller lists in; these, and all that they import if the option asks for it, out.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::DescriptorSet;

use super::table::Options;

/// The types of `prost_types`.
const WELL_KNOWN: &str = "google/protobuf/";

impl Options {
    /// Returns the files to generate: the listed ones, and with the option `imports` all that they import, sorted.
    ///
    /// Those of `google.protobuf` are among them only with `compile_well_known_types`. Files that are mapped by an `extern_path` may be:
    /// the generator leaves them out.
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
        let imports: BTreeMap<&str, Vec<&str>> = set.heads().map(|file| (file.name, file.imports)).collect();
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
