//! Items of one file in, the same items with what prost leaves out: comments, the user's attributes, and the names of
//! renamed enum values.
//!
//! prost emits messages, fields, oneofs, enums and values in the order in which they are declared, so items and
//! descriptors are walked in lock step. prost's own way to comments costs more than half of its time.

use std::slice::IterMut;

use prost_types as lowered;
use syn::{Attribute, Fields, Item, parse_quote};

use super::attributes::{complete_names, doc, group_digits, without_debug};
use super::shape::{first_of_each_number, is_map_entry, partition};
use crate::attributes::Attributes;
use crate::deprecated::Deprecated;
use crate::descriptor::google::protobuf::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};
use crate::docs::rustdoc;
use crate::full_name;
use crate::options::{RuleKind, Rules};
use crate::paths::ExternPaths;
use crate::render::LINE_END;
use crate::source::{MessageStep, Path, Source, Step};

/// Completes `items`, which prost made of `lowered`, which in turn was made of `file`.
pub(super) fn complete(
    items: &mut [Item],
    file: &FileDescriptorProto,
    lowered: &lowered::FileDescriptorProto,
    rules: &Rules,
    externs: &ExternPaths,
    deprecated: &Deprecated,
) {
    let source = Source::new(file);
    let walk = Walk { source: &source, rules, externs, deprecated };
    let mut items = items.iter_mut();
    let package = full_name::scope(file.package());
    let scope = Scope { declared: package.clone(), lowered: package };
    for (index, message) in file.message_type.iter().zip(&lowered.message_type).enumerate() {
        walk.message(&mut items, message, &Path::file(Step::Message, index), &scope);
    }
    for (index, enum_) in file.enum_type.iter().zip(&lowered.enum_type).enumerate() {
        walk.enum_(&mut items, enum_, &Path::file(Step::Enum, index), &scope);
    }
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
        items: &mut IterMut<'_, Item>,
        (declared, lowered): Both<'_, DescriptorProto, lowered::DescriptorProto>,
        path: &Path,
        parent: &Scope,
    ) {
        let full_name = parent.child(declared.name(), lowered.name());
        if self.externs.contains(&full_name.declared) {
            return;
        }
        let Some(Item::Struct(item)) = items.next() else { out_of_step(&full_name) };
        if self.rules.select(RuleKind::SkipDebug, &[&full_name.declared]) {
            item.attrs.push(parse_quote!(#[prost(skip_debug)]));
        }
        self.complete(&mut item.attrs, &full_name.element("Message", path), MESSAGE);
        self.deprecate(&mut item.attrs, &full_name);
        let (members, oneofs) = partition(lowered);
        let Fields::Named(fields) = &mut item.fields else { out_of_step(&full_name) };
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
        for (field, element) in fields.named.iter_mut().zip(elements) {
            self.complete(&mut field.attrs, &element, FIELD);
        }
        let nested = declared.nested_type.iter().zip(&lowered.nested_type).enumerate();
        let nested: Vec<_> = nested.filter(|(_, (_, nested))| !is_map_entry(nested)).collect();
        if nested.is_empty() && lowered.enum_type.is_empty() && oneofs.is_empty() {
            return;
        }
        let Some(Item::Mod(module)) = items.next() else { out_of_step(&full_name) };
        let Some((_, items)) = &mut module.content else { out_of_step(&full_name) };
        let mut items = items.iter_mut();
        for (index, nested) in nested {
            self.message(&mut items, nested, &path.in_message(MessageStep::Nested, index), &full_name);
        }
        for (index, enum_) in declared.enum_type.iter().zip(&lowered.enum_type).enumerate() {
            self.enum_(&mut items, enum_, &path.in_message(MessageStep::Enum, index), &full_name);
        }
        for oneof in oneofs {
            let Some(Item::Enum(item)) = items.next() else { out_of_step(&full_name) };
            let enum_ = oneof_of(oneof.index);
            if self.rules.select(RuleKind::SkipDebug, &[&enum_.names[0], &full_name.declared]) {
                item.attrs.push(parse_quote!(#[prost(skip_debug)]));
            }
            self.complete(&mut item.attrs, &enum_, ONEOF);
            for (variant, field) in item.variants.iter_mut().zip(oneof.fields) {
                let mut element = field_of(field);
                element.names.push(format!("{}.{}", enum_.names[0], declared.field[field].name()));
                self.complete(&mut variant.attrs, &element, FIELD);
            }
        }
    }

    fn enum_(
        &self,
        items: &mut IterMut<'_, Item>,
        (declared, lowered): Both<'_, EnumDescriptorProto, lowered::EnumDescriptorProto>,
        path: &Path,
        parent: &Scope,
    ) {
        let full_name = parent.child(declared.name(), lowered.name());
        if self.externs.contains(&full_name.declared) {
            return;
        }
        let (Some(Item::Enum(item)), Some(Item::Impl(functions))) = (items.next(), items.next()) else {
            out_of_step(&full_name)
        };
        if self.rules.select(RuleKind::SkipDebug, &[&full_name.declared]) {
            item.attrs.iter_mut().for_each(without_debug);
        }
        self.complete(&mut item.attrs, &full_name.element("Enum", path), ENUM);
        self.deprecate(&mut item.attrs, &full_name);
        for (variant, value) in item.variants.iter_mut().zip(first_of_each_number(lowered)) {
            let (declared, lowered) = (declared.value[value].name(), lowered.value[value].name());
            let element = full_name.member("Value", path.value(value), declared, lowered);
            self.complete(&mut variant.attrs, &element, FIELD);
            group_digits(variant);
        }
        let values = lowered.value.iter().zip(&declared.value);
        let renamed = values.map(|(lowered, declared)| (lowered.name(), declared.name()));
        complete_names(functions, &renamed.filter(|(lowered, declared)| lowered != declared).collect());
    }

    /// Adds the comment, or else what the element is, and the user's attributes of these kinds; an element that was
    /// renamed says so after its comment.
    fn complete(&self, attributes: &mut Vec<Attribute>, element: &Element, kinds: &[RuleKind]) {
        let names: Vec<&str> = element.names.iter().map(String::as_str).collect();
        let comment = self.source.comment(&element.path);
        let comment = comment.filter(|_| !self.rules.select(RuleKind::DisableComments, &names));
        let mut lines = comment.map(rustdoc).unwrap_or_default();
        match (lines.is_empty(), element.renamed) {
            (true, _) => lines.push(format!(" {}", element.fallback)),
            (false, true) => lines.extend([String::new(), format!(" {}", element.fallback)]),
            (false, false) => {}
        }
        let given: Attributes = kinds.iter().flat_map(|&kind| self.rules.values(kind, &names)).collect();
        attributes.splice(0..0, std::iter::once(doc(&lines.join(LINE_END))).chain(given.parse()));
    }

    fn deprecate(&self, attributes: &mut Vec<Attribute>, full_name: &Scope) {
        if self.deprecated.contains(&full_name.declared) {
            attributes.push(parse_quote!(#[deprecated]));
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

fn out_of_step(full_name: &Scope) -> ! {
    panic!("rgrpc-codegen bug: prost emitted another item than `{}`", full_name.declared)
}
