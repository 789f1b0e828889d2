//! Maps the HTTP status of a response without `grpc-status` to a gRPC code.
//!
//! The table is <https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md>, `to be used only for clients that received a
//! response that did not include grpc-status`.

use http::StatusCode;
use tonic::Code;

pub(super) fn code(status: StatusCode) -> Code {
    match status.as_u16() {
        400 | 431 => Code::Internal,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::Unimplemented,
        429 | 502..=504 => Code::Unavailable,
        _ => Code::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_has_its_code_and_other_statuses_are_unknown() {
        let cases = [
            (400, Code::Internal),
            (401, Code::Unauthenticated),
            (403, Code::PermissionDenied),
            (404, Code::Unimplemented),
            (429, Code::Unavailable),
            (431, Code::Internal),
            (502, Code::Unavailable),
            (503, Code::Unavailable),
            (504, Code::Unavailable),
            (200, Code::Unknown),
            (204, Code::Unknown),
            (301, Code::Unknown),
            (405, Code::Unknown),
            (415, Code::Unknown),
            (500, Code::Unknown),
            (501, Code::Unknown),
            (505, Code::Unknown),
        ];
        for (http, expected) in cases {
            assert_eq!(code(StatusCode::from_u16(http).unwrap()), expected, "{http}");
        }
    }
}
