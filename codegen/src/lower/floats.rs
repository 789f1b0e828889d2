//! Spells the default of a float or a double as protoc does.
//!
//! Compilers spell the same default in different ways: protoc writes `1.5e+10`, buf `1.5000000512e+10`, and others `15000000000`.
//! The text reaches the generated code, which must not depend on the compiler.

use rgrpc_schema::defaults;
use rgrpc_schema::descriptor::Type;

pub(super) fn canonical(ty: Type, default: &str) -> String {
    let spelled = match ty {
        Type::Double => default.parse().ok().map(defaults::double),
        Type::Float => default.parse().ok().map(defaults::float),
        _ => None,
    };
    spelled.unwrap_or_else(|| default.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelled_as_c_spells_them() {
        for (text, double, float) in [
            ("0", "0", "0"),
            ("-0", "-0", "-0"),
            ("1", "1", "1"),
            ("-0.25", "-0.25", "-0.25"),
            ("0.1", "0.1", "0.1"),
            ("0.30000000000000004", "0.30000000000000004", "0.3"),
            ("0.33333333333333331", "0.33333333333333331", "0.333333343"),
            ("0.0001", "0.0001", "0.0001"),
            ("0.00001", "1e-05", "1e-05"),
            ("100000", "100000", "100000"),
            ("1000000", "1000000", "1e+06"),
            ("1234567", "1234567", "1234567"),
            ("16777217", "16777217", "16777216"),
            ("15000000000", "15000000000", "1.5e+10"),
            ("1.5000000512e+10", "15000000512", "1.5e+10"),
            ("1e15", "1e+15", "1e+15"),
            ("5e-324", "4.94065645841247e-324", "0"),
            ("inf", "inf", "inf"),
            ("-inf", "-inf", "-inf"),
            ("nan", "nan", "nan"),
        ] {
            assert_eq!(canonical(Type::Double, text), double);
            assert_eq!(canonical(Type::Float, text), float);
        }
        assert_eq!(canonical(Type::String, "1.0"), "1.0");
    }
}
