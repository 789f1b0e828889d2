//! The claim about the comparison of two versions of a schema.

use prost::Message;
use rgrpc_codegen::breaking::{Category, Policy, Version, breaking_changes};
use rgrpc_codegen::{DescriptorSet, Options};

use super::damaged;

/// The files of a `CodeGeneratorRequest`, undecoded.
#[derive(Clone, PartialEq, Message)]
struct Request {
    #[prost(bytes = "vec", repeated, tag = "15")]
    proto_file: Vec<Vec<u8>>,
}

/// A `FileDescriptorSet` with undecoded files.
#[derive(Clone, PartialEq, Message)]
struct Set {
    #[prost(bytes = "vec", repeated, tag = "1")]
    file: Vec<Vec<u8>>,
}

/// Compares a real schema with a version of it that `choices` damage, in both directions, unless the damaged one is rejected. A version
/// that is compared with itself has no breaking changes.
///
/// # Panics
/// Panics if the claim does not hold.
pub fn breaking(choices: &[u8]) {
    // The first choice is the schema, the others damage it.
    let sets = [&choices[..choices.len().min(1)], choices].map(set);
    let [Some(real), Some(damaged)] = sets else { return };
    let options = Options::default();
    let mut policy = Policy::default();
    for category in Category::ALL {
        policy.use_rule(category.name()).expect("a category");
    }
    for [old, new] in [[&real, &damaged], [&damaged, &real], [&damaged, &damaged]] {
        let [old_files, new_files] = [old, new].map(|set| set.file_names().collect::<Vec<_>>());
        let old_schema = Version::old(old, &old_files, &options);
        let (Ok(old_schema), Ok(new_schema)) = (old_schema, Version::new(new, &new_files, &options)) else { continue };
        let changes = breaking_changes(&old_schema, &new_schema, &policy);
        assert!(changes.iter().all(|change| !change.to_string().is_empty()), "a change says nothing");
        assert!(!std::ptr::eq(old, new) || changes.is_empty(), "a version differs from itself: {changes:?}");
    }
}

fn set(choices: &[u8]) -> Option<DescriptorSet> {
    let request = Request::decode(&*damaged(choices)).ok()?;
    DescriptorSet::decode(Set { file: request.proto_file }.encode_to_vec()).ok()
}
