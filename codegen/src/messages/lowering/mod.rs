//! Every file, whatever its edition, becomes one that prost-build knows: descriptors go in, `prost_types` descriptors,
//! the fields to box and the elements that had to be renamed come out.
//!
//! The output is always `syntax = "proto3"`, because proto2 cannot say that a field has no presence, while proto3
//! with `proto3_optional`, `packed`, `LABEL_REQUIRED` and `TYPE_GROUP` can say everything. Elements keep their order
//! and their number, so that the input and the output can be walked in lock step.

mod cycles;
mod editions;
pub(crate) mod features;
mod field;
mod graph;
mod json;
mod limits;
mod message;
mod names;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use prost::Message;

use crate::descriptor::google::protobuf::FileDescriptorProto;
use crate::full_name;
use crate::options::Options;
use crate::parallel;

pub(crate) use self::editions::check_editions;
pub(crate) use self::json::json_descriptor;
pub(crate) use self::limits::limits;

/// What prost-build is given in place of the files.
#[derive(Debug)]
pub(crate) struct Lowered {
    /// One per input file, in input order, without source info.
    pub(crate) files: Vec<prost_types::FileDescriptorProto>,
    /// The fields prost must box because it ignores groups when it looks for cycles, as `Config::boxed` takes them
    /// and as `files` spells them: `.pkg.Msg.field`, or `.pkg.Msg.oneof.field` for the member of a oneof.
    pub(crate) boxed: Vec<String>,
    /// What has another name in `files` than in the input, sorted.
    pub(crate) renames: Vec<Rename>,
}

/// An element whose own name would clash with another's, or be no name at all, in prost's Rust.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rename {
    /// The name in the input: `.pkg.Msg`, `.pkg.Msg.field`, `.pkg.Msg.oneof`, and `.pkg.Enum.VALUE` for the value of
    /// an enum.
    pub(crate) full_name: String,
    /// The last part of the name in the output: `fooBar_2`.
    pub(crate) name: String,
}

impl Lowered {
    /// The name under which prost knows an element: `.pkg.Foo_2.Bar` for `.pkg.Foo.Bar`.
    pub(crate) fn name_of(&self, declared: &str) -> String {
        let ends = declared.match_indices('.').map(|(dot, _)| dot).skip(1).chain([declared.len()]);
        let parts = ends.scan(0, |start, end| Some((std::mem::replace(start, end), end)));
        let name = parts.map(|(start, end)| {
            match self.renames.binary_search_by(|rename| (*rename.full_name).cmp(&declared[..end])) {
                Ok(index) => format!(".{}", self.renames[index].name),
                Err(_) => declared[start..end].to_owned(),
            }
        });
        name.collect()
    }
}

/// Lowers a set of files that is closed under import, with the names that the user chose.
pub(crate) fn lower(files: &[&FileDescriptorProto], options: &Options) -> Lowered {
    let mut files = parallel::map(files, |file| lower_file(file));
    let renames = names::repair(&mut files, options);
    let boxed = cycles::cut(&mut files);
    Lowered { files, boxed, renames }
}

fn lower_file(file: &FileDescriptorProto) -> prost_types::FileDescriptorProto {
    let features = features::of_file(file);
    prost_types::FileDescriptorProto {
        name: file.name.clone(),
        // prost-build gives the messages of `package: Some("")` names with two dots.
        package: file.package.clone().filter(|package| !package.is_empty()),
        dependency: file.dependency.clone(),
        public_dependency: file.public_dependency.clone(),
        weak_dependency: file.weak_dependency.clone(),
        message_type: message::lower_all(&file.message_type, &full_name::scope(file.package()), &features),
        enum_type: file.enum_type.iter().map(transcode).collect(),
        service: file.service.iter().map(transcode).collect(),
        extension: file.extension.iter().map(|extension| field::lower(extension, &features)).collect(),
        options: file.options.as_ref().map(transcode),
        source_code_info: None,
        syntax: Some("proto3".to_owned()),
    }
}

/// Copies a descriptor into prost's type for it, which lacks `features` and what else is newer.
fn transcode<T: Message + Default>(descriptor: &impl Message) -> T {
    T::decode(&*descriptor.encode_to_vec()).expect("both types are generated from descriptor.proto")
}
