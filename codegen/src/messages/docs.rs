//! Items of one file in, the same items with the comments of the file out.
//!
//! prost emits messages, fields, oneofs, enums and values in the order in which they are declared, so items and
//! descriptors are walked in lock step. prost's own way to comments costs more than half of its time.

use std::slice::IterMut;

use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};
use proc_macro2::{Ident, Span};
use syn::token::Bracket;
use syn::{AttrStyle, Attribute, Expr, ExprLit, Fields, Item, Lit, LitStr, Meta, MetaNameValue, Token};

use crate::docs::rustdoc;
use crate::paths::ExternPaths;
use crate::source::{MessageStep, Path, Source, Step};

/// Adds `#[doc]` attributes to `items`, which prost made of `file`.
pub(super) fn attach(items: &mut [Item], file: &FileDescriptorProto, source: &Source<'_>, externs: &ExternPaths) {
    let walk = Walk { source, externs };
    let mut items = items.iter_mut();
    let package = file.package.as_ref().map_or(String::new(), |package| format!(".{package}"));
    for (index, message) in file.message_type.iter().enumerate() {
        walk.message(&mut items, message, &Path::file(Step::FileMessage, index), &package);
    }
    for (index, enum_) in file.enum_type.iter().enumerate() {
        walk.enum_(&mut items, enum_, &Path::file(Step::FileEnum, index), &package);
    }
}

struct Walk<'a> {
    source: &'a Source<'a>,
    externs: &'a ExternPaths,
}

impl Walk<'_> {
    fn message(&self, items: &mut IterMut<'_, Item>, message: &DescriptorProto, path: &Path, parent: &str) {
        let full_name = format!("{parent}.{}", message.name());
        if self.externs.contains(&full_name) {
            return;
        }
        let Some(Item::Struct(item)) = items.next() else { out_of_step(&full_name) };
        self.document(&mut item.attrs, path);
        let (members, oneofs) = partition(message);
        let fields = match &mut item.fields {
            Fields::Named(fields) => fields.named.iter_mut(),
            _ => out_of_step(&full_name),
        };
        let steps = members.iter().map(|&field| path.in_message(MessageStep::Field, field));
        let steps = steps.chain(oneofs.iter().map(|oneof| path.in_message(MessageStep::Oneof, oneof.index)));
        for (field, path) in fields.zip(steps) {
            self.document(&mut field.attrs, &path);
        }
        let nested = || message.nested_type.iter().enumerate().filter(|(_, nested)| !is_map_entry(nested));
        if nested().next().is_none() && message.enum_type.is_empty() && oneofs.is_empty() {
            return;
        }
        let Some(Item::Mod(module)) = items.next() else { out_of_step(&full_name) };
        let content = module.content.as_mut().map(|(_, items)| items.iter_mut());
        let mut items = content.unwrap_or_else(|| out_of_step(&full_name));
        for (index, nested) in nested() {
            self.message(&mut items, nested, &path.in_message(MessageStep::Nested, index), &full_name);
        }
        for (index, enum_) in message.enum_type.iter().enumerate() {
            self.enum_(&mut items, enum_, &path.in_message(MessageStep::Enum, index), &full_name);
        }
        for oneof in oneofs {
            let Some(Item::Enum(item)) = items.next() else { out_of_step(&full_name) };
            self.document(&mut item.attrs, &path.in_message(MessageStep::Oneof, oneof.index));
            for (variant, field) in item.variants.iter_mut().zip(oneof.fields) {
                self.document(&mut variant.attrs, &path.in_message(MessageStep::Field, field));
            }
        }
    }

    fn enum_(&self, items: &mut IterMut<'_, Item>, enum_: &EnumDescriptorProto, path: &Path, parent: &str) {
        let full_name = format!("{parent}.{}", enum_.name());
        if self.externs.contains(&full_name) {
            return;
        }
        let (Some(Item::Enum(item)), Some(Item::Impl(_))) = (items.next(), items.next()) else {
            out_of_step(&full_name)
        };
        self.document(&mut item.attrs, path);
        for (variant, value) in item.variants.iter_mut().zip(first_of_each_number(enum_)) {
            self.document(&mut variant.attrs, &path.value(value));
        }
    }

    fn document(&self, attributes: &mut Vec<Attribute>, path: &Path) {
        let lines = self.source.comment(path).map(rustdoc).unwrap_or_default();
        attributes.splice(0..0, lines.iter().map(|line| doc(line)));
    }
}

/// `#[doc = "line"]`, built by hand because comments are most of a file and parsing them takes most of the time.
fn doc(line: &str) -> Attribute {
    let value = Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Str(LitStr::new(line, Span::call_site())) });
    Attribute {
        pound_token: <Token![#]>::default(),
        style: AttrStyle::Outer,
        bracket_token: Bracket::default(),
        meta: Meta::NameValue(MetaNameValue { path: Ident::new("doc", Span::call_site()).into(), eq_token: <Token![=]>::default(), value }),
    }
}

struct Oneof {
    index: usize,
    fields: Vec<usize>,
}

/// The fields that prost makes struct fields of, and the oneofs it adds after them.
fn partition(message: &DescriptorProto) -> (Vec<usize>, Vec<Oneof>) {
    let mut members = Vec::new();
    let mut oneofs: Vec<_> = (0..message.oneof_decl.len()).map(|index| Oneof { index, fields: Vec::new() }).collect();
    for (index, field) in message.field.iter().enumerate() {
        let oneof = field.oneof_index.filter(|_| !field.proto3_optional()).and_then(|oneof| usize::try_from(oneof).ok());
        match oneof.and_then(|oneof| oneofs.get_mut(oneof)) {
            Some(oneof) => oneof.fields.push(index),
            None => members.push(index),
        }
    }
    oneofs.retain(|oneof| !oneof.fields.is_empty());
    (members, oneofs)
}

fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(|options| options.map_entry())
}

/// prost drops aliases: only the first value of each number becomes a variant.
fn first_of_each_number(enum_: &EnumDescriptorProto) -> Vec<usize> {
    let mut numbers = std::collections::BTreeSet::new();
    let first = enum_.value.iter().enumerate().filter(|(_, value)| numbers.insert(value.number()));
    first.map(|(index, _)| index).collect()
}

fn out_of_step(full_name: &str) -> ! {
    panic!("rgrpc-codegen bug: prost emitted another item than `{full_name}`")
}
