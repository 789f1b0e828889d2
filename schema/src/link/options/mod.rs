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

use super::dependencies::BitSet;
use super::pool::Pool;
use super::report::Report;
use super::scope::{Missing, Scope, Wanted};
use super::suggest::explain;
use super::symbols::{Definition, Id};
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

/// The location of an interpreted option, and the field numbers that complete its path.
pub(super) type OptionPath = (usize, Vec<i32>);

/// The result of a pass over the options of a file.
pub(super) struct Interpreted {
    /// The serialized options of each element, in the order of the text.
    pub options: Vec<Vec<u8>>,
    pub option_paths: Vec<OptionPath>,
    /// The files whose elements are used.
    pub used: BitSet,
}

/// Interprets the built-in options of a file.
pub(super) fn built_in(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) -> Interpreted {
    interpret(pool, file, Pass::BuiltIn, pool.options[file as usize].clone(), report)
}

/// Interprets the custom options of a file, and appends them to the built-in ones.
pub(super) fn custom(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) -> Interpreted {
    interpret(pool, file, Pass::Extensions, normalized(pool, file, &pool.options[file as usize]), report)
}

/// Interprets the options of all elements of a file in protoc's order, and appends them to `options`.
fn interpret(
    pool: &Pool<'_>,
    file: u32,
    pass: Pass,
    mut options: Vec<Vec<u8>>,
    report: &mut Report<'_>,
) -> Interpreted {
    let elements = &pool.files[file as usize];
    let mut interpreter = Interpreter { scope: Scope::new(pool, file), report, option_paths: Vec::new() };
    for &element in &elements.declared {
        let entry = elements.entry(element);
        let wanted = |option: &UninterpretedOption| {
            option.name.first().is_some_and(|part| part.extension == (pass == Pass::Extensions))
        };
        let written = &entry.options().uninterpreted;
        if written.iter().any(wanted) {
            let Some(message) = pool.options_message(entry.element) else { continue };
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
    Interpreted { options, option_paths: interpreter.option_paths, used: interpreter.scope.used }
}

struct Interpreter<'r, 'w, 'a, 'e> {
    scope: Scope<'w, 'a>,
    report: &'r mut Report<'e>,
    option_paths: Vec<OptionPath>,
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
        let pool = self.scope.pool;
        let fields = match self.fields(element, message, &option.name) {
            Ok(fields) => fields,
            Err(Some((text, help))) => return self.fault(option.name_span, text, help),
            Err(None) => return,
        };
        let Some((&leaf, parents)) = fields.split_last() else { return };
        let path: Vec<_> = fields.iter().map(|&field| pool.field_number(field)).collect();
        let repeated = pool.is_repeated(leaf);
        if !repeated && set.contains(&path) {
            let text = format!("option `{}` is already set", display(&option.name));
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
            match pool.kind(field) {
                Some(Kind::Group) => wire::put_group(&mut value, pool.field_number(field), &inner),
                _ => wire::put_bytes(&mut value, pool.field_number(field), &inner),
            }
        }
        bytes.extend_from_slice(&value);
        set.add(&value);
        let mut place = path;
        if repeated {
            place.push(set.count(&place));
        }
        if let Some(location) = option.location {
            self.option_paths.push((location, place));
        }
    }

    fn fault(&mut self, span: crate::file::Span, text: String, help: Option<String>) {
        self.report.error_with(span, text, |error| if let Some(help) = help { error.help(help) } else { error });
    }

    /// Resolves the parts of a name to fields. The error is `None` if a missing import may be the reason.
    fn fields(&mut self, element: u32, mut message: Id, name: &[NamePart]) -> Result<Vec<Id>, Option<Refusal>> {
        let pool = self.scope.pool;
        let fault = |text| Err(Some((text, None)));
        if name.first().is_some_and(|part| part.name == "uninterpreted_option") {
            return fault("`uninterpreted_option` cannot be set".to_owned());
        }
        let mut fields = Vec::with_capacity(name.len());
        for (index, part) in name.iter().enumerate() {
            let shown = || display(&name[..=index]);
            let field = self.field(element, message, part, &shown)?;
            match pool.container(field) {
                Some(container) if container == message => {}
                Some(container) => {
                    let (own, other) = (pool.full_name(message), pool.full_name(container));
                    return fault(format!("option `{}` extends `{other}`, not `{own}`", shown()));
                }
                None => return Err(None),
            }
            let feature = name[0].name == "features" && !name[0].extension;
            if feature && field.file == self.scope.file {
                return fault(format!("feature `{}` cannot be used in the file that declares it", shown()));
            }
            if index + 1 < name.len() {
                let link = pool.link(field);
                match link.kind {
                    Some(Kind::Message | Kind::Group) if pool.is_repeated(field) => {
                        let text = format!(
                            "option `{}` is a repeated message, whose fields cannot be set one by one",
                            shown()
                        );
                        return Err(Some((text, Some(format!("set a whole message: `{} = {{ .. }}`", shown())))));
                    }
                    Some(Kind::Message | Kind::Group) => message = link.target.ok_or(None)?,
                    Some(_) => return fault(format!("option `{}` is not a message, and has no fields", shown())),
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
        let pool = self.scope.pool;
        if !part.extension {
            return pool.field_named(message, &part.name).ok_or_else(|| {
                let known = pool.message(message).into_iter().flat_map(|message| &message.fields);
                let help = suggestion(&part.name, known.map(|field| &*field.name.value));
                Some((format!("unknown option `{}`", shown()), help))
            });
        }
        match self.scope.find(&part.name, element, Wanted::Anything) {
            Ok(Definition::Element(id)) if pool.field(id).is_some() => Ok(id),
            Ok(_) => Err(Some((format!("option `{}` is not an extension", shown()), None))),
            Err(_) if pool.dependencies[self.scope.file as usize].incomplete => Err(None),
            Err(Missing::Unknown) if pool.field_named(message, &part.name).is_some() => {
                let help = format!("write it without parentheses: `{}`", part.name);
                Err(Some((format!("unknown option `{}`", shown()), Some(help))))
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

/// Normalizes the options of a file's elements, as serializing them would; those of a decoded file stay as they are.
pub(super) fn normalized(pool: &Pool<'_>, file: u32, options: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let elements = &pool.files[file as usize];
    if elements.file.encoded.is_some() {
        return options.to_vec();
    }
    let entries = elements.entries.iter().zip(options);
    let normalized = entries.map(|(entry, bytes)| match pool.options_message(entry.element) {
        Some(message) if !bytes.is_empty() => normalize(pool, message, bytes),
        _ => bytes.clone(),
    });
    normalized.collect()
}
