//! prost's text of one file in, the same text with what prost leaves out: comments, the user's attributes, and the names
//! of renamed enum values.
//!
//! prost emits messages, fields, oneofs, enums and values in the order in which they are declared, so text and
//! descriptors are walked in lock step. prost's own way to comments costs more than half of its time.

use prost_types as lowered;

use super::lines::{grouped, restored, without_debug};
use super::page::Page;
use super::shape::{first_of_each_number, is_map_entry, partition};
use crate::deprecated::Deprecated;
use crate::descriptor::google::protobuf::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};
use crate::docs::rustdoc;
use crate::full_name;
use crate::options::{RuleKind, Rules};
use crate::paths::ExternPaths;
use crate::source::{MessageStep, Path, Source, Step};

/// Completes `text`, which prost made of `lowered`, which in turn was made of `file`.
pub(super) fn complete(
    text: &str,
    file: &FileDescriptorProto,
    lowered: &lowered::FileDescriptorProto,
    rules: &Rules,
    externs: &ExternPaths,
    deprecated: &Deprecated,
) -> String {
    let source = Source::new(file);
    let walk = Walk { source: &source, rules, externs, deprecated };
    let mut page = Page::new(text);
    let package = full_name::scope(file.package());
    let scope = Scope { declared: package.clone(), lowered: package };
    for (index, message) in file.message_type.iter().zip(&lowered.message_type).enumerate() {
        walk.message(&mut page, message, &Path::file(Step::Message, index), &scope);
    }
    for (index, enum_) in file.enum_type.iter().zip(&lowered.enum_type).enumerate() {
        walk.enum_(&mut page, enum_, &Path::file(Step::Enum, index), &scope);
    }
    page.finish()
}

struct Walk<'a> {
    source: &'a Source<'a>,
    rules: &'a Rules,
    externs: &'a ExternPaths,
    deprecated: &'a Deprecated,
}

const MESSAGE: &[RuleKind] = &[RuleKind::TypeAttribute, RuleKind::MessageAttribute];
const ENUM: &[RuleKind] = &[RuleKind::TypeAttribute, RuleKind::EnumAttribute];
const ONEOF: &[RuleKind] = &[RuleKind::TypeAttribute, RuleKind::EnumAttribute, RuleKind::OneofAttribute];
const FIELD: &[RuleKind] = &[RuleKind::FieldAttribute];

/// The full name of a scope or an element: as declared, and as prost saw it.
struct Scope {
    declared: String,
    lowered: String,
}

impl Scope {
    /// A message or an enum, which its documentation names in full.
    fn element(&self, kind: &str, path: &Path) -> Element {
        Element {
            path: path.clone(),
            fallback: format!("{kind} `{}`.", self.declared.trim_start_matches('.')),
            renamed: self.declared != self.lowered,
            names: vec![self.declared.clone()],
        }
    }

    /// An element of a message or an enum.
    fn member(&self, kind: &str, path: Path, declared: &str, lowered: &str) -> Element {
        Element {
            path,
            fallback: format!("{kind} `{declared}`."),
            renamed: declared != lowered,
            names: vec![format!("{}.{declared}", self.declared)],
        }
    }

    fn child(&self, declared: &str, lowered: &str) -> Self {
        Self { declared: format!("{}.{declared}", self.declared), lowered: format!("{}.{lowered}", self.lowered) }
    }
}

/// An element as declared, and as prost saw it.
type Both<'a, D, L> = (&'a D, &'a L);

impl Walk<'_> {
    fn message(
        &self,
        page: &mut Page<'_>,
        (declared, lowered): Both<'_, DescriptorProto, lowered::DescriptorProto>,
        path: &Path,
        parent: &Scope,
    ) {
        let full_name = parent.child(declared.name(), lowered.name());
        if self.externs.contains(&full_name.declared) {
            return;
        }
        self.complete(page, &full_name.element("Message", path), MESSAGE);
        page.copy_attributes();
        if self.rules.select(RuleKind::SkipDebug, &[&full_name.declared]) {
            page.add("#[prost(skip_debug)]");
        }
        self.deprecate(page, &full_name);
        page.copy("pub struct ");
        let (members, oneofs) = partition(lowered);
        let field_of = |field: usize| {
            let path = path.in_message(MessageStep::Field, field);
            full_name.member("Field", path, declared.field[field].name(), lowered.field[field].name())
        };
        let oneof_of = |oneof: usize| {
            let path = path.in_message(MessageStep::Oneof, oneof);
            full_name.member("Oneof", path, declared.oneof_decl[oneof].name(), lowered.oneof_decl[oneof].name())
        };
        let elements =
            members.iter().map(|&field| field_of(field)).chain(oneofs.iter().map(|oneof| oneof_of(oneof.index)));
        for element in elements {
            self.complete(page, &element, FIELD);
            page.copy_attributes();
            page.copy("pub ");
        }
        page.copy("}");
        let nested = declared.nested_type.iter().zip(&lowered.nested_type).enumerate();
        let nested: Vec<_> = nested.filter(|(_, (_, nested))| !is_map_entry(nested)).collect();
        if nested.is_empty() && lowered.enum_type.is_empty() && oneofs.is_empty() {
            return;
        }
        page.copy("///");
        page.copy("pub mod ");
        for (index, nested) in nested {
            self.message(page, nested, &path.in_message(MessageStep::Nested, index), &full_name);
        }
        for (index, enum_) in declared.enum_type.iter().zip(&lowered.enum_type).enumerate() {
            self.enum_(page, enum_, &path.in_message(MessageStep::Enum, index), &full_name);
        }
        for oneof in oneofs {
            let element = oneof_of(oneof.index);
            self.complete(page, &element, ONEOF);
            page.copy_attributes();
            if self.rules.select(RuleKind::SkipDebug, &[&element.names[0], &full_name.declared]) {
                page.add("#[prost(skip_debug)]");
            }
            page.copy("pub enum ");
            for field in oneof.fields {
                let mut member = field_of(field);
                member.names.push(format!("{}.{}", element.names[0], declared.field[field].name()));
                self.complete(page, &member, FIELD);
                page.copy_attributes();
                page.edit_variant(|line| line.into());
            }
            page.copy("}");
        }
        page.copy("}");
    }

    fn enum_(
        &self,
        page: &mut Page<'_>,
        (declared, lowered): Both<'_, EnumDescriptorProto, lowered::EnumDescriptorProto>,
        path: &Path,
        parent: &Scope,
    ) {
        let full_name = parent.child(declared.name(), lowered.name());
        if self.externs.contains(&full_name.declared) {
            return;
        }
        self.complete(page, &full_name.element("Enum", path), ENUM);
        let skip_debug = self.rules.select(RuleKind::SkipDebug, &[&full_name.declared]);
        page.edit_attributes(|line| if skip_debug { without_debug(line) } else { line.into() });
        self.deprecate(page, &full_name);
        page.copy("pub enum ");
        for value in first_of_each_number(lowered) {
            let (declared, lowered) = (declared.value[value].name(), lowered.value[value].name());
            let element = full_name.member("Value", path.value(value), declared, lowered);
            self.complete(page, &element, FIELD);
            page.copy_attributes();
            page.edit_variant(grouped);
        }
        page.copy("}");
        // The names are those of JSON and text format, so a value that was renamed for Rust gets its declared name back.
        let values = lowered.value.iter().zip(&declared.value);
        let renamed = values.map(|(lowered, declared)| (lowered.name(), declared.name()));
        let renamed = renamed.filter(|(lowered, declared)| lowered != declared).collect();
        page.copy("impl ");
        for docs in [
            " Returns the name of this value in the `.proto` file.",
            " Returns the value that has this name in the `.proto` file.",
        ] {
            page.skip_docs();
            page.add_docs([docs]);
            page.add("#[must_use]");
            page.copy("pub fn ");
            page.copy("match ");
            page.edit_block(|arm| restored(arm, &renamed));
            page.copy("}");
        }
        page.copy("}");
    }

    /// Adds the comment, or else what the element is, and the user's attributes of these kinds; an element that was
    /// renamed says so after its comment.
    fn complete(&self, page: &mut Page<'_>, element: &Element, kinds: &[RuleKind]) {
        let names: Vec<&str> = element.names.iter().map(String::as_str).collect();
        let comment = self.source.comment(&element.path);
        let comment = comment.filter(|_| !self.rules.select(RuleKind::DisableComments, &names));
        let mut lines = comment.as_deref().map(rustdoc).unwrap_or_default();
        match (lines.is_empty(), element.renamed) {
            (true, _) => lines.push(format!(" {}", element.fallback)),
            (false, true) => lines.extend([String::new(), format!(" {}", element.fallback)]),
            (false, false) => {}
        }
        let given = kinds.iter().flat_map(|&kind| self.rules.values(kind, &names));
        page.add_docs(lines.iter().map(String::as_str));
        given.for_each(|attributes| page.add_attributes(attributes));
    }

    fn deprecate(&self, page: &mut Page<'_>, full_name: &Scope) {
        if self.deprecated.contains(&full_name.declared) {
            page.add("#[deprecated]");
        }
    }
}

struct Element {
    path: Path,
    /// ``Field `fooBar`.``
    fallback: String,
    /// Whether prost knows the element by another name.
    renamed: bool,
    /// Every full name by which an option can mean it.
    names: Vec<String>,
}
