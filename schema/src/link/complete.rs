//! Writes the results of linking into a file.

use super::address::{Address, ElementMut, address, find, path};
use super::elements::{Element, as_u32};
use super::json_names::json_name;
use super::options::{OptionPath, Stripped, strip};
use super::pool::Pool;
use super::symbols::Id;
use crate::decode::locations;
use crate::file::{FieldDecl, File, Kind, Label, Locations, OptionsDecl, Span, Spanned};
use crate::tags;

/// The results for a file, by the IDs of its elements.
#[derive(Default)]
pub(super) struct Completion {
    elements: Vec<Completed>,
    addresses: Vec<Address>,
    option_paths: Vec<OptionPath>,
    /// The paths of stripped options, sorted.
    stripped: Vec<Vec<i32>>,
}

impl Completion {
    /// Adds the paths of the interpreted options.
    pub fn with_option_paths(self, option_paths: Vec<OptionPath>) -> Self {
        Self { option_paths, ..self }
    }
}

/// The results for an element.
#[derive(Default)]
struct Completed {
    /// The type of a field, the input of a method.
    target: Option<String>,
    /// The extendee of an extension, the output of a method.
    other: Option<String>,
    kind: Option<Kind>,
    options: Option<Vec<u8>>,
    /// Whether all of its options are stripped.
    stripped: bool,
}

/// Gathers the results for a file. `retained` are its options in the order of the text, unless options are stripped.
pub(super) fn completion(pool: &Pool<'_>, file: u32, retained: Option<&[Vec<u8>]>) -> Completion {
    let elements = &pool.files[file as usize];
    if elements.file.encoded.is_some() && retained.is_some() {
        return Completion::default();
    }
    let addresses: Vec<_> = elements.entries.iter().map(address).collect();
    let mut stripped = Vec::new();
    let completed = elements.entries.iter().enumerate().map(|(index, entry)| {
        let id = Id { file, element: as_u32(index) };
        let link = pool.link(id);
        let name = |id: Option<Id>| {
            let mut name = String::from(".");
            pool.write_full_name(id?, &mut name);
            Some(name)
        };
        let options = retained.map_or(pool.options(id), |retained| &retained[index]);
        let mut completed =
            Completed { target: name(link.target), other: name(link.other), kind: link.kind, ..Completed::default() };
        if entry.message().is_some_and(|message| message.map_entry) {
            // `map_entry = true`
            completed.options = Some(vec![0x38, 1]);
        } else if !options.is_empty() {
            completed.options = Some(options.to_vec());
            if retained.is_none()
                && let Some(message) = pool.options_message(entry.element)
            {
                let mut paths = Stripped::new();
                if let Some(kept) = strip(pool, message, options, &mut paths) {
                    let mut path = path(&addresses, id.element);
                    path.push(options_number(entry.element));
                    if kept.is_empty() {
                        completed.stripped = true;
                        completed.options = None;
                        stripped.push(path);
                    } else {
                        completed.options = Some(kept);
                        stripped.extend(paths.into_iter().map(|tail| [&*path, &*tail].concat()));
                    }
                }
            }
        } else if !entry.options().uninterpreted.is_empty() {
            completed.options = Some(Vec::new());
        }
        completed
    });
    let elements = completed.collect();
    stripped.sort_unstable();
    Completion { elements, addresses, option_paths: Vec::new(), stripped }
}

/// Returns the number of the field `options` in the descriptor of an element.
fn options_number(element: Element<'_>) -> i32 {
    match element {
        Element::File(_) => tags::file::OPTIONS,
        Element::Message(..) => tags::message::OPTIONS,
        Element::Field(_) | Element::Extension(_) => tags::field::OPTIONS,
        Element::Oneof(_) => tags::oneof::OPTIONS,
        Element::Enum(_) => tags::enumeration::OPTIONS,
        Element::Value(_) => tags::enum_value::OPTIONS,
        Element::Range(_) => tags::range::OPTIONS,
        Element::Service(_) => tags::service::OPTIONS,
        Element::Method(_) => tags::method::OPTIONS,
    }
}

/// Completes a file. A decoded file is complete already, and keeps its bytes unless an option is stripped.
pub(super) fn apply(file: &mut File, completion: Completion) {
    let Completion { elements, addresses, option_paths, stripped } = completion;
    if elements.is_empty() || (file.encoded.is_some() && stripped.is_empty()) {
        return;
    }
    if let Some(bytes) = file.encoded.take() {
        file.locations = locations(&bytes);
    }
    for (index, completed) in elements.into_iter().enumerate() {
        if let Some(element) = find(file, &addresses, as_u32(index)) {
            complete(element, completed);
        }
    }
    for (location, tail) in option_paths {
        file.locations.extend_path(location, &tail);
    }
    if !stripped.is_empty() {
        drop_locations(&mut file.locations, &stripped);
    }
}

/// Removes the locations of the dropped paths, and those below them.
fn drop_locations(locations: &mut Locations, dropped: &[Vec<i32>]) {
    locations.retain(|path| {
        !(1..=path.len()).any(|end| dropped.binary_search_by(|known| (**known).cmp(&path[..end])).is_ok())
    });
}

fn complete(element: ElementMut<'_>, completed: Completed) {
    match element {
        ElementMut::File(file) => complete_options(&mut file.options, completed),
        ElementMut::Message(message) => complete_options(&mut message.options, completed),
        ElementMut::Enum(item) => complete_options(&mut item.options, completed),
        ElementMut::Service(service) => complete_options(&mut service.options, completed),
        ElementMut::Options(options) => complete_options(options, completed),
        ElementMut::Field(field) => complete_field(field, completed),
        ElementMut::Method(method) => {
            set(&mut method.input, completed.target.as_deref());
            set(&mut method.output, completed.other.as_deref());
            method.body &= !completed.stripped;
            complete_options(&mut method.options, completed);
        }
    }
}

fn complete_field(field: &mut FieldDecl, completed: Completed) {
    if let Some(name) = &mut field.type_name {
        set(name, completed.target.as_deref());
    }
    if let Some(name) = &mut field.extendee {
        set(name, completed.other.as_deref());
    }
    field.kind = completed.kind;
    field.label.get_or_insert(Spanned { value: Label::Optional, span: Span::default() });
    if field.json_name.is_none() {
        let name = json_name(&field.name.value).into_bytes();
        field.json_name = Some(Spanned { value: name, span: Span::default() });
    }
    complete_options(&mut field.options, completed);
}

fn complete_options(options: &mut OptionsDecl, completed: Completed) {
    options.uninterpreted.clear();
    options.bytes = completed.options;
}

fn set(name: &mut Spanned<String>, resolved: Option<&str>) {
    if let Some(resolved) = resolved {
        resolved.clone_into(&mut name.value);
    }
}
