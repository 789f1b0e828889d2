//! Writes two or three valid `.proto` files from a seed, which import each other.

use std::fmt::Write;

use crate::fields;
use crate::names::{Names, comment, json_key, package, value_key};
use crate::random::Random;

pub struct File {
    pub name: String,
    pub text: String,
}

/// The elements declared so far, for fields and methods to name.
#[derive(Default)]
pub struct Declared {
    /// The full names of messages, of files before this one and of this one.
    pub messages: Vec<String>,
    /// Those of them without nested types.
    pub leaves: Vec<String>,
    pub enums: Vec<Enum>,
    /// The full name of everything that an option can select.
    pub elements: Vec<String>,
    pub services: Vec<String>,
}

#[derive(Clone)]
pub struct Enum {
    pub full_name: String,
    pub values: Vec<String>,
    /// Whether a proto3 file can use it.
    pub is_open: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Syntax {
    Proto2,
    Proto3,
    Edition,
}

pub struct Schema {
    pub files: Vec<File>,
    pub declared: Declared,
}

/// A message that is declared, before it has fields.
pub struct Message {
    pub name: String,
    pub full_name: String,
    nested: Vec<Message>,
    enums: Vec<String>,
}

pub struct Writer {
    pub random: Random,
    pub names: Names,
    pub declared: Declared,
    pub syntax: Syntax,
}

pub const WELL_KNOWN: &[&str] = &["any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"];

pub fn schema(seed: u64) -> Schema {
    let mut writer = Writer {
        random: Random::new(seed),
        names: Names::default(),
        declared: Declared::default(),
        syntax: Syntax::Proto3,
    };
    let count = 2 + writer.random.below(2);
    let packages: Vec<&str> = (0..count).map(|_| package(&mut writer.random)).collect();
    for package in &packages {
        package.match_indices('.').map(|(dot, _)| &package[..dot]).chain([*package]).for_each(|name| {
            writer.names.take(&format!(".{name}"));
        });
    }
    let mut files: Vec<File> = Vec::new();
    for (number, package) in packages.into_iter().enumerate() {
        let name = format!("file{number}.proto");
        let imports: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
        let text = writer.file(package, &imports);
        files.push(File { name, text });
    }
    Schema { files, declared: writer.declared }
}

impl Writer {
    fn file(&mut self, package: &str, imports: &[String]) -> String {
        self.syntax = self.random.pick(&[Syntax::Proto2, Syntax::Proto3, Syntax::Proto3, Syntax::Edition]);
        let mut text = String::new();
        text += match self.syntax {
            Syntax::Proto2 => "syntax = \"proto2\";\n",
            Syntax::Proto3 => "syntax = \"proto3\";\n",
            Syntax::Edition => "edition = \"2023\";\n",
        };
        if !package.is_empty() {
            let _ = writeln!(text, "package {package};");
        }
        let well_known = WELL_KNOWN.iter().map(|name| format!("google/protobuf/{name}.proto"));
        for import in imports.iter().cloned().chain(well_known) {
            let _ = writeln!(text, "import \"{import}\";");
        }
        let scope = if package.is_empty() { String::new() } else { format!(".{package}") };
        if !scope.is_empty() {
            self.declared.elements.push(scope.clone());
        }
        let enums: Vec<String> = (0..=self.random.below(2)).map(|_| self.enumeration(&scope)).collect();
        let messages: Vec<Message> = (0..=self.random.below(4)).map(|_| self.message(&scope, 2)).collect();
        text.extend(enums);
        for message in &messages {
            self.write(message, &mut text);
        }
        for _ in 0..self.random.below(3) {
            self.service(&scope, &mut text);
        }
        text
    }

    pub fn comment(&mut self) -> String {
        if !self.random.one_in(3) {
            return String::new();
        }
        comment(&mut self.random).lines().fold(String::new(), |mut text, line| {
            let _ = writeln!(text, "//{}{line}", if line.is_empty() { "" } else { " " });
            text
        })
    }

    fn enumeration(&mut self, scope: &str) -> String {
        let name = self.names.fresh(&mut self.random, scope, str::to_owned);
        let full_name = format!("{scope}.{name}");
        let mut text = format!("{}enum {name} {{\n", self.comment());
        let mut values: Vec<String> = Vec::new();
        // The values of an enum are in the scope of the enum itself.
        let mut keys: Vec<String> = Vec::new();
        for number in 0..=self.random.below(5) {
            let value = self.names.fresh(&mut self.random, scope, str::to_owned);
            let key = value_key(&name, &value);
            let (value, key) = if keys.contains(&key) || self.random.one_in(3) {
                let value = format!("{}_V{number}", name.to_uppercase());
                if !self.names.take(&format!("{scope}.{value}")) {
                    continue;
                }
                (value.clone(), value_key(&name, &value))
            } else {
                (value, key)
            };
            if keys.contains(&key) {
                continue;
            }
            keys.push(key);
            let number = if values.is_empty() { 0 } else { self.random.pick(&[1, 7, 1_000_000, -5]) * i32::try_from(number).unwrap_or_default() };
            let number = if values.is_empty() || number != 0 { number } else { 99 };
            let deprecated = if self.random.one_in(6) { " [deprecated = true]" } else { "" };
            let comment = self.comment();
            let _ = writeln!(text, "{comment}  {value} = {number}{deprecated};");
            self.declared.elements.push(format!("{full_name}.{value}"));
            values.push(value);
        }
        if values.is_empty() {
            let value = format!("FIRST_OF_{}", self.declared.elements.len());
            let _ = writeln!(text, "  {value} = 0;");
            values.push(value);
        }
        if self.random.one_in(10) {
            let number = self.declared.elements.len();
            (200..320).for_each(|value| _ = writeln!(text, "  PAD_{number}_{value} = {value};"));
        }
        text += "  option allow_alias = true;\n";
        let _ = writeln!(text, "  PAD_{0} = 55; PAD_{0}_ALIAS = 55;\n}}", self.declared.elements.len());
        self.declared.elements.push(full_name.clone());
        self.declared.enums.push(Enum { full_name, values, is_open: self.syntax != Syntax::Proto2 });
        text
    }

    fn message(&mut self, scope: &str, depth: usize) -> Message {
        let name = self.names.fresh(&mut self.random, scope, str::to_owned);
        let full_name = format!("{scope}.{name}");
        self.declared.elements.push(full_name.clone());
        self.declared.messages.push(full_name.clone());
        let nested = if depth == 0 { 0 } else { self.random.below(3) };
        let nested: Vec<Message> = (0..nested).map(|_| self.message(&full_name, depth - 1)).collect();
        let enums = if self.random.one_in(3) { vec![self.enumeration(&full_name)] } else { Vec::new() };
        if nested.is_empty() && enums.is_empty() {
            self.declared.leaves.push(full_name.clone());
        }
        Message { name, full_name, nested, enums }
    }

    fn write(&mut self, message: &Message, text: &mut String) {
        *text += &self.comment();
        let _ = writeln!(text, "message {} {{", message.name);
        if self.random.one_in(12) {
            *text += "  option deprecated = true;\n";
        }
        message.enums.iter().for_each(|enumeration| *text += enumeration);
        message.nested.iter().for_each(|nested| self.write(nested, text));
        fields::write(self, &message.full_name, text);
        *text += "}\n";
    }

    /// Returns a field name whose JSON name is unique in the message.
    pub fn field_name(&mut self, message: &str) -> String {
        let name = self.names.fresh(&mut self.random, message, json_key);
        self.declared.elements.push(format!("{message}.{name}"));
        name
    }

    fn service(&mut self, scope: &str, text: &mut String) {
        let name = self.names.fresh(&mut self.random, scope, str::to_owned);
        let full_name = format!("{scope}.{name}");
        *text += &self.comment();
        let _ = writeln!(text, "service {name} {{");
        for _ in 0..self.random.below(6) {
            let method = self.names.fresh(&mut self.random, &full_name, str::to_owned);
            self.declared.elements.push(format!("{full_name}.{method}"));
            let comment = self.comment();
            let [request, response] = [(); 2].map(|()| {
                let stream = if self.random.one_in(3) { "stream " } else { "" };
                format!("{stream}{}", fields::any_message(self))
            });
            let option = self.random.pick(&[";", ";", " { option deprecated = true; }", " { option idempotency_level = IDEMPOTENT; }"]);
            let _ = writeln!(text, "{comment}  rpc {method}({request}) returns ({response}){option}");
        }
        *text += "}\n";
        self.declared.elements.push(full_name.clone());
        self.declared.services.push(full_name);
    }
}
