//! The editions that can be lowered; for every other, an error.

use crate::descriptor::google::protobuf::FileDescriptorProto;
use rgrpc_schema::{Diagnostic, Errors, Position};

pub(super) use crate::descriptor::google::protobuf::Edition;

/// Adds an error for a file whose edition or syntax is not proto2, proto3, 2023, 2024 or 2026.
pub(crate) fn check_edition(file: &FileDescriptorProto, errors: &mut Errors) {
    if let Err(message) = of(file) {
        let position = Position { file: file.name().to_owned(), line_column: None };
        errors.push(Diagnostic::at(position, message).help("use proto2, proto3, or edition 2023, 2024 or 2026"));
    }
}

/// The edition of the file, or what is wrong with it. As for protoc, no syntax at all means proto2.
pub(super) fn of(file: &FileDescriptorProto) -> Result<Edition, String> {
    match (file.syntax(), file.edition) {
        ("" | "proto2", None) => Ok(Edition::Proto2),
        ("proto3", None) => Ok(Edition::Proto3),
        ("" | "editions", Some(number)) => match Edition::try_from(number) {
            Ok(edition @ (Edition::Edition2023 | Edition::Edition2024 | Edition::Edition2026)) => Ok(edition),
            Ok(edition) => {
                let name = edition.as_str_name();
                let name = name.strip_prefix("EDITION_").unwrap_or(name);
                Err(format!("edition {name} (number {number}) is not supported"))
            }
            Err(_) => Err(format!("edition number {number} is not supported")),
        },
        ("editions", None) => Err("the file says `edition` but not which one".to_owned()),
        (syntax, None) => Err(format!("syntax `{syntax}` is not supported")),
        (syntax, Some(number)) => Err(format!("syntax `{syntax}` and edition number {number} exclude each other")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(syntax: Option<&str>, edition: Option<i32>, expected: &str) {
        let file = FileDescriptorProto {
            name: Some("a/b.proto".to_owned()),
            syntax: syntax.map(str::to_owned),
            edition,
            ..FileDescriptorProto::default()
        };
        let mut errors = Errors::default();
        check_edition(&file, &mut errors);
        assert_eq!(errors.finish().err().map_or(String::new(), |errors| errors.to_string()), expected);
    }

    #[test]
    fn proto2_proto3_and_released_editions_are_accepted() {
        check(None, None, "");
        check(Some(""), None, "");
        check(Some("proto2"), None, "");
        check(Some("proto3"), None, "");
        check(Some("editions"), Some(1000), "");
        check(Some("editions"), Some(1001), "");
        check(Some("editions"), Some(1002), "");
    }

    #[test]
    fn other_editions_are_refused_by_name_and_number() {
        let help = "\n  help: use proto2, proto3, or edition 2023, 2024 or 2026";
        let error = |message: &str| format!("1 error\na/b.proto: {message}{help}");
        check(Some("editions"), Some(9999), &error("edition UNSTABLE (number 9999) is not supported"));
        check(Some("editions"), Some(1234), &error("edition number 1234 is not supported"));
        check(Some("editions"), None, &error("the file says `edition` but not which one"));
        check(Some("proto4"), None, &error("syntax `proto4` is not supported"));
        check(Some("proto3"), Some(1001), &error("syntax `proto3` and edition number 1001 exclude each other"));
    }
}
