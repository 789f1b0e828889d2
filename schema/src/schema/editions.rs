//! Refuses editions that Rust cannot be generated for.

use crate::descriptor::FileDescriptorProto;
use crate::features::{EDITION_UNSTABLE, PROTO3};
use crate::{Diagnostic, Errors, Position};

pub use crate::features::{EDITION_2023, EDITION_2024, EDITION_2026, PROTO2};

/// Adds an error if the syntax or edition of a file is not proto2, proto3, 2023, 2024 or 2026.
pub fn check_edition(file: &FileDescriptorProto<'_>, errors: &mut Errors) {
    if let Err(message) = of(file) {
        let position = Position { file: file.name().to_owned(), line_column: None };
        errors.push(Diagnostic::at(position, message).help("use proto2, proto3, or edition 2023, 2024 or 2026"));
    }
}

/// Returns the edition of a file, or what is wrong with it. As in protoc, a file without a syntax is proto2.
pub(super) fn of(file: &FileDescriptorProto<'_>) -> Result<i32, String> {
    match (file.syntax(), file.edition) {
        ("" | "proto2", None) => Ok(PROTO2),
        ("proto3", None) => Ok(PROTO3),
        ("" | "editions", Some(edition @ (EDITION_2023 | EDITION_2024 | EDITION_2026))) => Ok(edition),
        ("" | "editions", Some(EDITION_UNSTABLE)) => {
            Err(format!("edition UNSTABLE (number {EDITION_UNSTABLE}) is not supported"))
        }
        ("" | "editions", Some(number)) => Err(format!("edition number {number} is not supported")),
        ("editions", None) => Err("the file has syntax `editions`, but no edition".to_owned()),
        (syntax, None) => Err(format!("syntax `{syntax}` is not supported")),
        (syntax, Some(number)) => Err(format!("the file has both syntax `{syntax}` and edition number {number}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(syntax: Option<&str>, edition: Option<i32>, expected: &str) {
        let file = FileDescriptorProto { name: Some("a/b.proto"), syntax, edition, ..FileDescriptorProto::default() };
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
        check(Some("editions"), None, &error("the file has syntax `editions`, but no edition"));
        check(Some("proto4"), None, &error("syntax `proto4` is not supported"));
        check(Some("proto3"), Some(1001), &error("the file has both syntax `proto3` and edition number 1001"));
    }
}
