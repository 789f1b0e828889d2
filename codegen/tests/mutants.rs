//! Damages a valid descriptor set at random: the generator turns it into Rust, or rejects it with a position.
//!
//! The descriptor set is written by `protoc -I . --include_imports -o mutants/library.binpb mutants/library.proto` in the folder of
//! this file.

use prost::Message as _;
use rgrpc_codegen::{DescriptorSet, Errors, Options};
use testdata::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use testdata::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
};

const VALID: &[u8] = include_bytes!("mutants/library.binpb");

const MUTANTS: u64 = 800;

#[test]
fn a_mutant_becomes_rust_or_is_rejected_with_a_position() {
    let valid = FileDescriptorSet::decode(VALID).expect("the fixture is a descriptor set").file;
    generate(&valid).expect("the fixture is valid");
    let mut accepted = 0;
    for seed in 0..MUTANTS {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut files = valid.clone();
        for _ in 0..=random.below(3) {
            mutate(&mut files, &mut random);
        }
        match generate(&files) {
            Ok(modules) => {
                accepted += 1;
                assert_is_rust(seed, &modules);
            }
            Err(errors) => assert_have_positions(seed, &errors),
        }
    }
    assert!(accepted > MUTANTS / 10, "{accepted} mutants were accepted");
    assert!(accepted < MUTANTS / 2, "{accepted} mutants were accepted");
}

#[test]
fn a_schema_at_the_limits_becomes_rust() {
    let [mut ways] = tower(16, 2);
    let package = vec!["a"; 32].join(".");
    for field in ways.message_type.iter_mut().flat_map(|message| &mut message.field) {
        field.type_name = field.type_name.take().map(|name| name.replace(".a.", &format!(".{package}.")));
    }
    ways.package = Some(package);
    for file in [ways, tower(100, 1)[0].clone(), nest(32)[0].clone()] {
        assert_is_rust(0, &generate(&[file]).unwrap());
    }
}

/// A chain of messages, each of which has so many fields of the next.
fn tower(levels: usize, fields: i32) -> [FileDescriptorProto; 1] {
    let field = |number: i32, kind: Type, type_name: Option<String>| FieldDescriptorProto {
        name: Some(format!("f{number}")),
        number: Some(number),
        label: Some(Label::Optional.into()),
        r#type: Some(kind.into()),
        type_name,
        ..Default::default()
    };
    let message = |level: usize| {
        let holds = |number| field(number, Type::Message, Some(format!(".a.M{}", level + 1)));
        let is_last = level + 1 == levels;
        let field = if is_last { vec![field(1, Type::Bool, None)] } else { (1..=fields).map(holds).collect() };
        DescriptorProto { name: Some(format!("M{level}")), field, ..Default::default() }
    };
    [FileDescriptorProto { message_type: (0..levels).map(message).collect(), ..file() }]
}

/// Messages nested in messages.
fn nest(levels: usize) -> [FileDescriptorProto; 1] {
    let message = |nested_type| DescriptorProto { name: Some("M".to_owned()), nested_type, ..Default::default() };
    let outermost = (1..levels).fold(message(Vec::new()), |inner, _| message(vec![inner]));
    [FileDescriptorProto { message_type: vec![outermost], ..file() }]
}

fn file() -> FileDescriptorProto {
    FileDescriptorProto { name: Some("a.proto".to_owned()), package: Some("a".to_owned()), ..Default::default() }
}

/// The Rust of all files, with every option that adds items.
fn generate(files: &[FileDescriptorProto]) -> Result<Vec<String>, Errors> {
    let set = DescriptorSet::decode_files(files.iter().map(prost::Message::encode_to_vec))?;
    let names: Vec<&str> = files.iter().map(FileDescriptorProto::name).collect();
    let output =
        rgrpc_codegen::generate(&set, &names, &Options::parse("json,enable_type_names,custom_options,dyn_trait")?)?;
    Ok(output.files.into_iter().map(|file| file.content).collect())
}

fn assert_is_rust(seed: u64, modules: &[String]) {
    for rust in modules {
        if let Err(error) = syn::parse_file(rust) {
            panic!("mutant {seed}: {error}:\n{rust}");
        }
    }
}

/// Every error has a position, unless its file has no printable name.
fn assert_have_positions(seed: u64, errors: &Errors) {
    let is_placeless =
        |message: &str| message.contains("of the descriptor set has no name") || message.starts_with("the file name");
    for error in errors.as_slice() {
        assert!(error.position.is_some() || is_placeless(&error.message), "mutant {seed}: {error}");
        assert!(!error.message.is_empty(), "mutant {seed}");
    }
}

/// A generator of random choices.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        testdata::random::below(&mut self.0, bound)
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn number(&mut self) -> Option<i32> {
        self.pick(&[
            None,
            Some(-1),
            Some(0),
            Some(1),
            Some(2),
            Some(11),
            Some(14),
            Some(i32::MAX),
            Some(i32::MIN),
            Some(9),
        ])
    }

    fn syntax(&mut self) -> Option<&'static str> {
        self.pick(&[None, Some("proto2"), Some("proto3"), Some("editions"), Some("")])
    }

    fn kind(&mut self) -> Option<i32> {
        let kind = i32::try_from(self.below(20)).ok();
        kind.filter(|&kind| kind != 0)
    }

    fn name(&mut self) -> Option<String> {
        const NAMES: [&str; 24] = [
            "",
            ".",
            "a",
            "9x",
            "_9",
            "\u{e9}",
            "a.b",
            "key",
            "value",
            "self",
            "Self",
            "type",
            "r#a",
            "a b",
            "Book",
            "Shelf",
            "Room",
            "legacy",
            "library",
            "v1",
            "library.v1",
            "Date",
            "Half",
            "a\"b",
        ];
        Some(self.pick(&NAMES).to_owned()).filter(|_| self.below(8) > 0)
    }

    fn type_name(&mut self) -> Option<String> {
        const NAMES: [&str; 20] = [
            "",
            ".",
            "..",
            "Book",
            ".Book",
            "\u{e9}",
            ".library.v1",
            ".library.v1.Book",
            ".library.v1.Book.Binding",
            ".library.v1.Book.CopiesEntry",
            ".library.v1.Book.BindingsEntry",
            ".library.v1.Shelf",
            ".library.v1.Shelf.Room",
            ".library.v1.Shelf.Room.Door",
            ".library.v1.Library",
            ".library.v1.Half",
            ".legacy.Date",
            ".legacy.Date.Note",
            ".legacy.Day",
            ".legacy.Date.FlagsEntry",
        ];
        Some(self.pick(&NAMES).to_owned()).filter(|_| self.below(8) > 0)
    }

    fn default(&mut self) -> &'static str {
        const DEFAULTS: [&str; 32] = [
            "",
            "0",
            "-0",
            "+1",
            "007",
            "1.",
            ".5",
            "1e400",
            "1e39",
            "-1e-5",
            "1E+5",
            "inf",
            "-inf",
            "nan",
            "-nan",
            "NaN",
            "true",
            "True",
            "TUE",
            "MARDI",
            "Tue",
            "\\",
            "\\x1",
            "\\xg1",
            "\\x\u{e9}",
            "\\777",
            "\\377",
            "\\9",
            "\u{e9}\"",
            "4294967296",
            "18446744073709551616",
            "1_0",
        ];
        self.pick(&DEFAULTS)
    }
}

fn mutate(files: &mut Vec<FileDescriptorProto>, random: &mut Random) {
    if random.below(10) == 0 {
        return mutate_list(files, random);
    }
    let index = random.below(files.len());
    let Some(file) = files.get_mut(index) else { return };
    match random.below(32) {
        0 => file.name = random.name(),
        1 => file.package = random.name(),
        2 => file.syntax = random.syntax().map(Into::into),
        3 => mutate_list(&mut file.dependency, random),
        4 => file.dependency.extend(random.name()),
        5 => file.public_dependency.extend(random.number()),
        6 => file.dependency.push("mutants/library.proto".to_owned()),
        7 => mutate_list(&mut file.message_type, random),
        8 => mutate_list(&mut file.enum_type, random),
        9 => mutate_list(&mut file.service, random),
        10..14 => mutate_service(file, random),
        14..17 => {
            if let Some(enum_) = any(&mut file.enum_type, random) {
                mutate_enum(enum_, random);
            }
        }
        _ => {
            if let Some(message) = any(&mut file.message_type, random) {
                mutate_message(message, random);
            }
        }
    }
}

/// Removes, repeats, moves or truncates elements.
fn mutate_list<T: Clone>(list: &mut Vec<T>, random: &mut Random) {
    if list.is_empty() {
        return;
    }
    let (from, to) = (random.below(list.len()), random.below(list.len()));
    match random.below(4) {
        0 => drop(list.remove(from)),
        1 => list.insert(to, list[from].clone()),
        2 => list.swap(from, to),
        _ => list.truncate(from),
    }
}

fn any<'a, T>(list: &'a mut [T], random: &mut Random) -> Option<&'a mut T> {
    let index = random.below(list.len());
    list.get_mut(index)
}

fn mutate_service(file: &mut FileDescriptorProto, random: &mut Random) {
    let Some(service) = any(&mut file.service, random) else { return };
    match random.below(5) {
        0 => service.name = random.name(),
        1 => mutate_list(&mut service.method, random),
        choice => {
            let Some(method) = any(&mut service.method, random) else { return };
            match choice {
                2 => method.name = random.name(),
                3 => method.input_type = random.type_name(),
                _ => method.output_type = random.type_name(),
            }
        }
    }
}

fn mutate_enum(enum_: &mut EnumDescriptorProto, random: &mut Random) {
    match random.below(4) {
        0 => enum_.name = random.name(),
        1 => mutate_list(&mut enum_.value, random),
        choice => {
            let Some(value) = any(&mut enum_.value, random) else { return };
            match choice {
                2 => value.name = random.name(),
                _ => value.number = random.number(),
            }
        }
    }
}

fn mutate_message(message: &mut DescriptorProto, random: &mut Random) {
    if random.below(3) == 0
        && let Some(nested) = any(&mut message.nested_type, random)
    {
        return mutate_message(nested, random);
    }
    match random.below(24) {
        0 => message.name = random.name(),
        1 => mutate_list(&mut message.nested_type, random),
        2 => mutate_list(&mut message.enum_type, random),
        3 => mutate_list(&mut message.oneof_decl, random),
        4 => mutate_list(&mut message.field, random),
        5 => {
            let options = message.options.get_or_insert_default();
            options.map_entry = Some(!options.map_entry());
        }
        6 => message.nested_type.push(message.clone()),
        7 => {
            if let Some(oneof) = any(&mut message.oneof_decl, random) {
                oneof.name = random.name();
            }
        }
        8 => {
            if let Some(enum_) = any(&mut message.enum_type, random) {
                mutate_enum(enum_, random);
            }
        }
        _ => {
            if let Some(field) = any(&mut message.field, random) {
                mutate_field(field, random);
            }
        }
    }
}

fn mutate_field(field: &mut FieldDescriptorProto, random: &mut Random) {
    match random.below(12) {
        0 => field.name = random.name(),
        1 => field.number = random.number(),
        2 => field.label = random.pick(&[None, Some(0), Some(1), Some(2), Some(3), Some(4)]),
        3 => field.r#type = random.kind(),
        4 => field.type_name = random.type_name(),
        5 => field.oneof_index = random.number(),
        6 => field.proto3_optional = Some(!field.proto3_optional()),
        7 => {
            field.type_name = None;
            field.r#type = random.kind();
        }
        8 => {
            field.type_name = random.type_name();
            field.r#type = random.pick(&[Some(10), Some(11), Some(14)]);
        }
        9 => field.extendee = random.type_name(),
        _ => field.default_value = Some(random.default().to_owned()),
    }
}
