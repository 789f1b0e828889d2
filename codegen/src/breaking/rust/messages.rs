//! The items that prost emitted for one file in, its types with their fields and variants out.
//!
//! Items and descriptors are in the same order, as `messages/walk.rs` explains.

use std::vec::IntoIter;

use prost_types as lowered;
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Ident, Meta, Token, Type};

use super::super::report::Place;
use super::Subject;
use super::api::{Item, Kind, Member, spelled};
use crate::descriptor::google::protobuf::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};
use crate::full_name;
use crate::messages::shape::{first_of_each_number, is_map_entry, partition};
use crate::paths::ExternPaths;
use crate::source::{MessageStep, Path, Step};

pub(super) struct Walk<'a> {
    /// The index of the file.
    pub(super) file: usize,
    pub(super) externs: &'a ExternPaths,
}

/// The scope of a declaration: `.user.v1`, and the modules `user`, `v1`.
struct Scope {
    declared: String,
    modules: Vec<String>,
}

impl Walk<'_> {
    pub(super) fn file(
        &self,
        emitted: Vec<syn::Item>,
        file: &FileDescriptorProto,
        lowered: &lowered::FileDescriptorProto,
        modules: &[String],
        items: &mut Vec<Item>,
    ) {
        let mut emitted = emitted.into_iter();
        let declared = full_name::scope(file.package());
        let scope = Scope { declared, modules: modules.to_owned() };
        for (index, both) in file.message_type.iter().zip(&lowered.message_type).enumerate() {
            self.message(&mut emitted, both, &Path::file(Step::Message, index), &scope, items);
        }
        for (index, both) in file.enum_type.iter().zip(&lowered.enum_type).enumerate() {
            self.enumeration(&mut emitted, both, &Path::file(Step::Enum, index), &scope, items);
        }
    }

    fn message(
        &self,
        emitted: &mut IntoIter<syn::Item>,
        (declared, lowered): (&DescriptorProto, &lowered::DescriptorProto),
        path: &Path,
        scope: &Scope,
        items: &mut Vec<Item>,
    ) {
        let name = format!("{}.{}", scope.declared, declared.name());
        if self.externs.contains(&name) {
            return;
        }
        let Some(syn::Item::Struct(item)) = emitted.next() else { out_of_step(&name) };
        let (members, oneofs) = partition(lowered);
        let member = |subject, index: usize, ident: &Ident, ty: &Type, attributes: &[Attribute]| Member {
            subject,
            name: ident.to_string(),
            proto: format!("{name}.{}", declared.field[index].name()),
            key: declared.field[index].number().to_string(),
            signature: signature(ty, attributes),
            must_be_named: true,
            place: self.place(path.in_message(MessageStep::Field, index)),
        };
        let Fields::Named(fields) = &item.fields else { out_of_step(&name) };
        let mut fields = fields.named.iter().filter_map(|field| Some((field.ident.as_ref()?, field)));
        let mut found: Vec<Member> = members
            .iter()
            .zip(&mut fields)
            .map(|(&index, (ident, field))| member(Subject::Field, index, ident, &field.ty, &field.attrs))
            .collect();
        found.extend(oneofs.iter().zip(&mut fields).map(|(oneof, (ident, field))| {
            let oneof_name = declared.oneof_decl[oneof.index].name();
            Member {
                subject: Subject::Field,
                name: ident.to_string(),
                proto: format!("{name}.{oneof_name}"),
                key: oneof_name.to_owned(),
                signature: signature(&field.ty, &[]),
                must_be_named: true,
                place: self.place(path.in_message(MessageStep::Oneof, oneof.index)),
            }
        }));
        items.push(self.item(Kind::Struct, (&item.ident, &item.attrs), &name, scope, path, found));

        let nested = declared.nested_type.iter().zip(&lowered.nested_type).enumerate();
        let nested: Vec<_> = nested.filter(|(_, (_, nested))| !is_map_entry(nested)).collect();
        if nested.is_empty() && lowered.enum_type.is_empty() && oneofs.is_empty() {
            return;
        }
        let Some(syn::Item::Mod(module)) = emitted.next() else { out_of_step(&name) };
        let modules = scope.modules.iter().cloned().chain([module.ident.to_string()]).collect();
        let scope = Scope { declared: name.clone(), modules };
        let mut emitted = module.content.map(|(_, items)| items).unwrap_or_default().into_iter();
        for (index, both) in nested {
            self.message(&mut emitted, both, &path.in_message(MessageStep::Nested, index), &scope, items);
        }
        for (index, both) in declared.enum_type.iter().zip(&lowered.enum_type).enumerate() {
            self.enumeration(&mut emitted, both, &path.in_message(MessageStep::Enum, index), &scope, items);
        }
        for oneof in oneofs {
            let Some(syn::Item::Enum(item)) = emitted.next() else { out_of_step(&name) };
            let variants = item.variants.iter().zip(oneof.fields).filter_map(|(variant, index)| {
                let field = variant.fields.iter().next()?;
                Some(member(Subject::Variant, index, &variant.ident, &field.ty, &variant.attrs))
            });
            let found = variants.collect();
            let oneof_name = format!("{name}.{}", declared.oneof_decl[oneof.index].name());
            let path = path.in_message(MessageStep::Oneof, oneof.index);
            items.push(self.item(Kind::Enum, (&item.ident, &item.attrs), &oneof_name, &scope, &path, found));
        }
    }

    fn enumeration(
        &self,
        emitted: &mut IntoIter<syn::Item>,
        (declared, lowered): (&EnumDescriptorProto, &lowered::EnumDescriptorProto),
        path: &Path,
        scope: &Scope,
        items: &mut Vec<Item>,
    ) {
        let name = format!("{}.{}", scope.declared, declared.name());
        if self.externs.contains(&name) {
            return;
        }
        let (Some(syn::Item::Enum(item)), Some(syn::Item::Impl(_))) = (emitted.next(), emitted.next()) else {
            out_of_step(&name)
        };
        let variants = item.variants.iter().zip(first_of_each_number(lowered)).map(|(variant, index)| Member {
            subject: Subject::Variant,
            name: variant.ident.to_string(),
            proto: format!("{name}.{}", declared.value[index].name()),
            key: declared.value[index].number().to_string(),
            signature: String::new(),
            must_be_named: true,
            place: self.place(path.value(index)),
        });
        items.push(self.item(Kind::Enum, (&item.ident, &item.attrs), &name, scope, path, variants.collect()));
    }

    fn item(
        &self,
        kind: Kind,
        (ident, attributes): (&Ident, &[Attribute]),
        proto: &str,
        scope: &Scope,
        path: &Path,
        members: Vec<Member>,
    ) -> Item {
        let name = scope.modules.iter().cloned().chain([ident.to_string()]).collect::<Vec<_>>().join("::");
        let place = self.place(path.clone());
        Item {
            subject: Subject::Type,
            kind,
            name,
            proto: proto.to_owned(),
            place,
            derives: derives(attributes),
            members,
        }
    }

    fn place(&self, path: Path) -> Place {
        Place { file: self.file, path }
    }
}

/// A type as it is written, and the enum whose number it is: prost's accessors have that type.
fn signature(ty: &Type, attributes: &[Attribute]) -> String {
    let ty = spelled(ty);
    let prost = attributes.iter().filter(|attribute| attribute.path().is_ident("prost"));
    let tokens = prost.map(|attribute| spelled(&attribute.meta));
    let enumeration = tokens.filter_map(|tokens| {
        let rest = tokens.split_once("enumeration").map(|(_, rest)| rest.to_owned());
        rest.and_then(|rest| Some(rest.split(['"', '(', ')']).nth(1)?.to_owned()))
    });
    enumeration.fold(ty, |ty, enumeration| format!("{ty} ({enumeration})"))
}

/// `Clone`, `Copy` of `#[derive(Clone, Copy, ::prost::Message)]`.
fn derives(attributes: &[Attribute]) -> Vec<String> {
    let derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let lists = derives.filter_map(|attribute| match &attribute.meta {
        Meta::List(list) => list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated).ok(),
        _ => None,
    });
    let names = lists.flatten().filter_map(|path| Some(path.segments.last()?.ident.to_string()));
    names.collect()
}

fn out_of_step(full_name: &str) -> ! {
    panic!("rgrpc-codegen bug: prost emitted another item than `{full_name}`")
}
