//! Collects the types of a module, with their fields and variants.

use super::super::location::Location;
use super::item::{Item, ItemKind, Member, Subject};
use crate::model::{Derives, Enum, Field, Message, Numbers, Oneof, Origin, Types};

/// Adds the types of the module with this path. `file` is the index of the file that declares them.
pub(super) fn collect(types: &Types, file: usize, modules: &[String], items: &mut Vec<Item>) {
    Collector { file, items }.types(types, modules);
}

/// Collects the types of one file.
struct Collector<'i> {
    /// The index of the file.
    file: usize,
    items: &'i mut Vec<Item>,
}

impl Collector<'_> {
    fn types(&mut self, types: &Types, modules: &[String]) {
        types.messages.iter().for_each(|message| self.message(message, modules));
        types.enums.iter().for_each(|enumeration| self.enumeration(enumeration, modules));
    }

    fn message(&mut self, message: &Message, modules: &[String]) {
        let fields = message.fields.iter().map(|field| self.member(Subject::Field, field)).collect();
        let derives = derives(message.derives, "Message");
        self.add(ItemKind::Struct, &message.name, &message.origin, modules, derives, fields);
        if let Some(module) = &message.module {
            let modules: Vec<String> = modules.iter().chain([&module.name]).cloned().collect();
            self.types(&module.types, &modules);
            module.oneofs.iter().for_each(|oneof| self.oneof(oneof, &modules));
        }
    }

    fn oneof(&mut self, oneof: &Oneof, modules: &[String]) {
        let variants = oneof.variants.iter().map(|variant| self.member(Subject::Variant, variant)).collect();
        self.add(ItemKind::Enum, &oneof.name, &oneof.origin, modules, derives(oneof.derives, "Oneof"), variants);
    }

    fn enumeration(&mut self, enumeration: &Enum, modules: &[String]) {
        let values = enumeration.values.iter().map(|value| Member {
            subject: Subject::Variant,
            name: value.name.clone(),
            proto: value.origin.full_name.clone(),
            key: value.number.to_string(),
            signature: String::new(),
            must_be_named: true,
            location: self.location(&value.origin),
        });
        let values = values.collect();
        let all = ["Clone", "Copy", "Debug", "PartialEq", "Eq", "Hash", "PartialOrd", "Ord", "Enumeration"];
        let derives = all.map(str::to_owned).to_vec();
        self.add(ItemKind::Enum, &enumeration.name, &enumeration.origin, modules, derives, values);
    }

    fn add(
        &mut self,
        kind: ItemKind,
        name: &str,
        origin: &Origin,
        modules: &[String],
        derives: Vec<String>,
        members: Vec<Member>,
    ) {
        self.items.push(Item {
            subject: Subject::Type,
            kind,
            name: modules.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("::"),
            proto: origin.full_name.clone(),
            location: self.location(origin),
            derives,
            members,
        });
    }

    fn member(&self, subject: Subject, field: &Field) -> Member {
        let oneof = || field.origin.full_name.rsplit('.').next().unwrap_or_default().to_owned();
        Member {
            subject,
            name: field.name.clone(),
            proto: field.origin.full_name.clone(),
            key: match &field.numbers {
                Numbers::One(number) => number.to_string(),
                Numbers::OfMembers(_) => oneof(),
            },
            // The field is an integer, but the accessors that prost derives have the type of the enum.
            signature: match &field.enumeration {
                Some(enumeration) => format!("{} ({enumeration})", field.ty),
                None => field.ty.clone(),
            },
            must_be_named: true,
            location: self.location(&field.origin),
        }
    }

    fn location(&self, origin: &Origin) -> Location {
        Location { file: self.file, path: origin.path.clone() }
    }
}

fn derives(derives: Derives, kind: &'static str) -> Vec<String> {
    derives.names().chain([kind]).map(str::to_owned).collect()
}
