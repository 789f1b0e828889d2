//! Interprets options: serializes `(a).b = 1` as a field of the options message.

mod lexer;
mod normalize;
mod refusal;
mod retention;
mod scalar;
mod set;
mod text;
mod value;
mod visit;

use super::reach::NumberSet;
use super::report::Report;
use super::scope::{Missing, Scope, Wanted};
use super::suggest::explain;
use super::symbols::{Id, Named};
use super::world::World;
use crate::file::{Kind, NamePart, UninterpretedOption};
use crate::nearest::suggestion;
use crate::wire;
use normalize::normalize;
use refusal::Refusal;
use set::SetOptions;

pub(super) use retention::{Stripped, strip};
pub(super) use visit::{SetField, missing, visit};

/// The options that are interpreted: the built-in ones come first, since the encoding of custom ones depends on features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// The options of descriptor.proto.
    BuiltIn,
    /// Custom options: `(extensions)`.
    Extensions,
}

/// Where an option ended up: the numbers behind the path of its location.
pub(super) type Placed = (usize, Vec<i32>);

/// The result of a pass over the options of a file.
pub(super) struct Interpreted {
    /// The serialized options of each element, in the order of the text.
    pub options: Vec<Vec<u8>>,
    pub places: Vec<Placed>,
    pub used: NumberSet,
}

/// Interprets the options of descriptor.proto that a file sets.
pub(super) fn built_in(world: &World<'_>, file: u32, report: &mut Report<'_>) -> Interpreted {
    interpret(world, file, Pass::BuiltIn, world.options[file as usize].clone(), report)
}

/// Interprets the options that are extensions, behind the others.
pub(super) fn custom(world: &World<'_>, file: u32, report: &mut Report<'_>) -> Interpreted {
    interpret(world, file, Pass::Extensions, normalized(world, file, &world.options[file as usize]), report)
}

/// Interprets the options of all elements of a file in protoc's order, and appends them to `options`.
fn interpret(
    world: &World<'_>,
    file: u32,
    pass: Pass,
    mut options: Vec<Vec<u8>>,
    report: &mut Report<'_>,
) -> Interpreted {
    let elements = &world.files[file as usize];
    let mut interpreter = Interpreter { scope: Scope::new(world, file), report, places: Vec::new() };
    for &element in &elements.declared {
        let entry = elements.entry(element);
        let wanted = |option: &UninterpretedOption| {
            option.name.first().is_some_and(|part| part.extension == (pass == Pass::Extensions))
        };
        let written = &entry.options().uninterpreted;
        if written.iter().any(wanted) {
            let Some(message) = world.options_message(entry.element) else { continue };
            interpreter.scope.used.insert(message.file);
            let bytes = &mut options[element as usize];
            let mut set = SetOptions::of(bytes);
            // Once errors are dropped, interpreting further options is pointless.
            for option in written.iter().filter(|option| wanted(option)) {
                if !interpreter.report.is_full() {
                    interpreter.option(element, message, option, bytes, &mut set);
                }
            }
        }
    }
    Interpreted { options, places: interpreter.places, used: interpreter.scope.used }
}

struct Interpreter<'r, 'w, 'a, 'e> {
    scope: Scope<'w, 'a>,
    report: &'r mut Report<'e>,
    places: Vec<Placed>,
}

impl Interpreter<'_, '_, '_, '_> {
    fn option(
        &mut self,
        element: u32,
        message: Id,
        option: &UninterpretedOption,
        bytes: &mut Vec<u8>,
        set: &mut SetOptions,
    ) {
        let world = self.scope.world;
        let fields = match self.fields(element, message, &option.name) {
            Ok(fields) => fields,
            Err(Some((text, help))) => return self.fault(option.name_span, text, help),
            Err(None) => return,
        };
        let Some((&leaf, parents)) = fields.split_last() else { return };
        let path: Vec<_> = fields.iter().map(|&field| world.field_number(field)).collect();
        let repeated = world.is_repeated(leaf);
        if !repeated && set.contains(&path) {
            let text = format!("option `{}` is set already", display(&option.name));
            return self.fault(option.name_span, text, None);
        }
        let mut value = Vec::new();
        match value::write(&mut self.scope, leaf, &option.value, &mut value) {
            Ok(()) => {}
            Err(Some((text, help))) => return self.fault(option.value_span, text, help),
            Err(None) => return,
        }
        for &field in parents.iter().rev() {
            let inner = std::mem::take(&mut value);
            match world.kind(field) {
                Some(Kind::Group) => wire::put_group(&mut value, world.field_number(field), &inner),
                _ => wire::put_bytes(&mut value, world.field_number(field), &inner),
            }
        }
        bytes.extend_from_slice(&value);
        set.add(&value);
        let mut place = path;
        if repeated {
            place.push(set.count(&place));
        }
        if let Some(location) = option.location {
            self.places.push((location, place));
        }
    }

    fn fault(&mut self, span: crate::file::Span, text: String, help: Option<String>) {
        self.report.error_with(span, text, |error| if let Some(help) = help { error.help(help) } else { error });
    }

    /// Resolves the parts of a name to fields. The error is `None` if a missing import may be the reason.
    fn fields(&mut self, element: u32, mut message: Id, name: &[NamePart]) -> Result<Vec<Id>, Option<Refusal>> {
        let world = self.scope.world;
        let fault = |text| Err(Some((text, None)));
        if name.first().is_some_and(|part| part.name == "uninterpreted_option") {
            return fault("`uninterpreted_option` cannot be set".to_owned());
        }
        let mut fields = Vec::with_capacity(name.len());
        for (index, part) in name.iter().enumerate() {
            let shown = || display(&name[..=index]);
            let field = self.field(element, message, part, &shown)?;
            match world.container(field) {
                Some(container) if container == message => {}
                Some(container) => {
                    let (own, other) = (world.full_name(message), world.full_name(container));
                    return fault(format!("option `{}` is of `{other}`, not of `{own}`", shown()));
                }
                None => return Err(None),
            }
            let feature = name[0].name == "features" && !name[0].extension;
            if feature && field.file == self.scope.file {
                return fault(format!("feature `{}` is used in the file that declares it", shown()));
            }
            if index + 1 < name.len() {
                let link = world.link(field);
                match link.kind {
                    Some(Kind::Message | Kind::Group) if world.is_repeated(field) => {
                        let help = format!("write a whole message: `{} = {{ .. }}`", shown());
                        return Err(Some((format!("option `{}` is a repeated message", shown()), Some(help))));
                    }
                    Some(Kind::Message | Kind::Group) => message = link.target.ok_or(None)?,
                    Some(_) => return fault(format!("option `{}` is not a message, and so has no fields", shown())),
                    None => return Err(None),
                }
            }
            fields.push(field);
        }
        Ok(fields)
    }

    fn field(
        &mut self,
        element: u32,
        message: Id,
        part: &NamePart,
        shown: &dyn Fn() -> String,
    ) -> Result<Id, Option<Refusal>> {
        let world = self.scope.world;
        if !part.extension {
            return world.field_named(message, &part.name).ok_or_else(|| {
                let known = world.message(message).into_iter().flat_map(|message| &message.fields);
                let help = suggestion(&part.name, known.map(|field| &*field.name.value));
                Some((format!("option `{}` does not exist", shown()), help))
            });
        }
        match self.scope.find(&part.name, element, Wanted::Anything) {
            Ok(Named::Element(id)) if world.field(id).is_some() => Ok(id),
            Ok(_) => Err(Some((format!("option `{}` is not an extension", shown()), None))),
            Err(_) if world.reach[self.scope.file as usize].blind => Err(None),
            Err(Missing::Unknown) if world.field_named(message, &part.name).is_some() => {
                let help = format!("write it without parentheses: `{}`", part.name);
                Err(Some((format!("option `{}` does not exist", shown()), Some(help))))
            }
            Err(missing) => {
                let (text, help) = explain(&self.scope, &part.name, missing, self.report);
                Err(Some((format!("option {text}"), help)))
            }
        }
    }
}

/// Formats a name as it is written: `(a.b).c`.
fn display(name: &[NamePart]) -> String {
    let parts = name.iter().map(|part| if part.extension { format!("({})", part.name) } else { part.name.clone() });
    parts.collect::<Vec<_>>().join(".")
}

/// Rewrites the options of a file's elements by number; those of a decoded file stay.
pub(super) fn normalized(world: &World<'_>, file: u32, options: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let elements = &world.files[file as usize];
    if elements.file.encoded.is_some() {
        return options.to_vec();
    }
    let entries = elements.entries.iter().zip(options);
    let normalized = entries.map(|(entry, bytes)| match world.options_message(entry.element) {
        Some(message) if !bytes.is_empty() => normalize(world, message, bytes),
        _ => bytes.clone(),
    });
    normalized.collect()
}
