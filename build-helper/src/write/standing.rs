//! A file to write in, what stands in its place out: read once, and judged before anything is written.

use std::collections::BTreeSet;

use rgrpc_codegen::DescriptorSet;

use super::existing::{Obstacle, header, read};
use super::manifest::Manifest;
use super::target::{Content, File, Run, Target};

/// The file in the place of a planned one.
#[derive(Debug)]
pub(crate) enum Standing {
    Absent,
    /// The planned content, except for line ends.
    Fresh,
    /// A generated file that is to be replaced.
    Old {
        /// Whether a hand touched it since.
        edited: bool,
    },
    /// A generated file that these `.proto` files of another run made, too.
    Shared {
        others: Vec<String>,
    },
    /// A file that rgrpc did not write.
    Foreign,
    /// A generated file that its owner made read-only.
    ReadOnly,
    /// Something that no file can take the place of.
    Blocked(Obstacle),
}

impl Standing {
    /// Looks at the place of a file with these bytes; returns also the text of what stands there, where that is a generated file.
    pub(super) fn of(file: &File, bytes: &[u8], target: &Target) -> (Self, Vec<u8>) {
        let (metadata, existing) = match read(&file.path) {
            Ok(Some(found)) => found,
            Ok(None) => return (Self::Absent, Vec::new()),
            Err(obstacle) => return (Self::Blocked(obstacle), Vec::new()),
        };
        match judge(file, bytes, target, existing) {
            (Self::Old { .. } | Self::Shared { .. }, text) if metadata.permissions().readonly() => {
                (Self::ReadOnly, text)
            }
            judged => judged,
        }
    }
}

fn judge(file: &File, bytes: &[u8], target: &Target, existing: Vec<u8>) -> (Standing, Vec<u8>) {
    let run = &target.run;
    if existing == bytes {
        return (Standing::Fresh, Vec::new());
    }
    match file.content {
        Content::Links => return (Standing::Old { edited: false }, existing),
        Content::DescriptorSet if are_descriptors(&existing, run) => {
            return (Standing::Old { edited: false }, existing);
        }
        Content::DescriptorSet => return (Standing::Foreign, Vec::new()),
        Content::Tree | Content::Package | Content::Features => {}
    }
    let text = String::from_utf8_lossy(&existing).replace("\r\n", "\n");
    if text.as_bytes() == bytes {
        return (Standing::Fresh, Vec::new());
    }
    let Some(header) = header(&text) else { return (Standing::Foreign, Vec::new()) };
    let is_of_others = run.has_no_part_in(&header) && (file.content == Content::Tree || is_listed(file, target));
    let others = run.others(&header, is_of_others);
    let standing =
        if others.is_empty() { Standing::Old { edited: !header.matches(&text) } } else { Standing::Shared { others } };
    (standing, text.into_bytes())
}

/// Whether another module tree has the file.
fn is_listed(file: &File, target: &Target) -> bool {
    let name = file.path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| Manifest::of(target).names_of_others().contains(name))
}

/// Whether the bytes are the descriptors of files of this run: a descriptor set has no header, but is always made by a
/// compiler from what is still there.
fn are_descriptors(bytes: &[u8], run: &Run) -> bool {
    let Ok(set) = DescriptorSet::decode(bytes.to_vec()) else { return false };
    let names: BTreeSet<&str> = set.file_names().collect();
    names.iter().any(|name| run.generated.contains(*name))
}
