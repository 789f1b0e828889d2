//! Finds the first difference of two serialized `FileDescriptorProto`s.

use rgrpc_schema::file::{File, Kind, MessageDecl};
use rgrpc_schema::{bundled, decode};

/// A field number, and the bytes of the value.
type Field<'a> = (u64, &'a [u8]);

/// Returns the name in a serialized `FileDescriptorProto`.
pub fn name(file: &[u8]) -> &str {
    let name = fields(file).and_then(|fields| fields.into_iter().find(|(number, _)| *number == 1));
    name.and_then(|(_, name)| std::str::from_utf8(name).ok()).unwrap_or_default()
}

/// Returns the path of the first field that differs, `message_type[2].field[0].json_name`, and both values.
pub fn first(expected: &[u8], found: &[u8]) -> String {
    let schema = bundled::descriptor("google/protobuf/descriptor.proto").expect("it is bundled");
    let schema = decode(schema).expect("it is a descriptor");
    walk(&schema, "FileDescriptorProto", expected, found, String::new())
}

fn walk(schema: &File, message: &str, expected: &[u8], found: &[u8], path: String) -> String {
    let shown = |bytes: &[u8]| bytes.escape_ascii().to_string().chars().take(200).collect::<String>();
    let here = |path: &str| format!("{path}\n    protoc: {}\n    ours:   {}", shown(expected), shown(found));
    let (Some(message), Some(left), Some(right)) = (find(&schema.messages, message), fields(expected), fields(found))
    else {
        return here(&path);
    };
    let differs = (0..left.len().max(right.len())).find(|&index| left.get(index) != right.get(index));
    let Some(index) = differs else { return here(&path) };
    let ([expected, found], number) = match (left.get(index), right.get(index)) {
        (Some((number, expected)), Some((other, found))) if number == other => ([*expected, *found], *number),
        (Some((number, expected)), _) => {
            return format!("{}{} is missing: {}", path, step(message, *number, 0).0, shown(expected));
        }
        (None, Some((number, found))) => {
            return format!("{}{} is superfluous: {}", path, step(message, *number, 0).0, shown(found));
        }
        (None, None) => return here(&path),
    };
    let place = left[..index].iter().filter(|(other, _)| *other == number).count();
    let (step, kind) = step(message, number, place);
    let path = path + &step;
    match kind {
        Some(kind) => walk(schema, &kind, expected, found, path),
        None => format!("{path}\n    protoc: {}\n    ours:   {}", shown(expected), shown(found)),
    }
}

/// Returns the name of a field with its index, and the message type that it holds.
fn step(message: &MessageDecl, number: u64, place: usize) -> (String, Option<String>) {
    let field = message.fields.iter().find(|field| u64::try_from(field.number.value) == Ok(number));
    let Some(field) = field else { return (format!(".{number}"), None) };
    let holds = field.type_name.as_ref().filter(|_| field.kind == Some(Kind::Message));
    let holds = holds.map(|name| name.value.trim_start_matches(".google.protobuf.").to_owned());
    (format!(".{}[{place}]", field.name.value), holds)
}

/// Returns a message by its path: `SourceCodeInfo.Location`.
fn find<'a>(messages: &'a [MessageDecl], path: &str) -> Option<&'a MessageDecl> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let message = messages.iter().find(|message| message.name.value == first)?;
    rest.map_or(Some(message), |rest| find(&message.messages, rest))
}

fn fields(mut bytes: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let length = match tag & 7 {
            0 => bytes.iter().position(|byte| *byte < 0x80)? + 1,
            1 => 8,
            5 => 4,
            2 => usize::try_from(varint(&mut bytes)?).ok()?,
            _ => return None,
        };
        let (value, rest) = bytes.split_at_checked(length)?;
        fields.push((tag >> 3, value));
        bytes = rest;
    }
    Some(fields)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
