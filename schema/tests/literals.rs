//! Literals have the same values as in protoc: those of a table, and random numbers and strings.

mod protoc;
mod random;

use std::fmt::Write as _;

use rgrpc_schema::file::{File, OptionValue};

use protoc::Protoc;
use random::Random;

/// Declares a field for each default; returns the text and the parsed defaults.
fn defaults(literals: &[(&str, String)]) -> (String, Vec<Vec<u8>>) {
    let mut text = "syntax = \"proto2\";\nmessage M {\n".to_owned();
    for (number, (kind, literal)) in (1..).zip(literals) {
        _ = writeln!(text, "optional {kind} f{number} = {number} [default = {literal}];");
    }
    text.push_str("}\n");
    let parsed = rgrpc_schema::parse("a.proto", text.as_bytes());
    assert_eq!(parsed.errors, []);
    (text, of_fields(&parsed.file))
}

fn of_fields(file: &File) -> Vec<Vec<u8>> {
    let fields = file.messages[0].fields.iter();
    fields.map(|field| field.default.as_ref().map(|default| default.value.clone()).unwrap()).collect()
}

#[track_caller]
fn check(kind: &str, literal: &str, expected: &str) {
    let (_, defaults) = defaults(&[(kind, literal.to_owned())]);
    assert_eq!(String::from_utf8_lossy(&defaults[0]), expected, "{kind} {literal}");
}

#[test]
fn a_double_has_as_few_digits_as_protoc_gives_it() {
    for (literal, expected) in [
        ("0.1", "0.1"),
        ("- 0.0", "-0"),
        ("1e21", "1e+21"),
        ("1e-5", "1e-05"),
        ("0.0001", "0.0001"),
        ("123456789012345678", "1.2345678901234568e+17"),
        ("0x10", "16"),
        ("017", "15"),
        ("18446744073709551616", "1.8446744073709552e+19"),
        ("4.9e-324", "4.94065645841247e-324"),
        ("1e400", "inf"),
        ("-inf", "-inf"),
        ("-nan", "nan"),
        (".5", "0.5"),
        ("1.", "1"),
        ("1.E+3", "1000"),
    ] {
        check("double", literal, expected);
    }
}

#[test]
fn a_float_is_rounded_to_the_nearest_one() {
    for (literal, expected) in [
        ("0.1", "0.1"),
        ("16777217", "16777216"),
        ("3.4028235e38", "3.40282347e+38"),
        ("3.4028236e38", "inf"),
        ("-1e39", "-inf"),
        ("1e-46", "0"),
        ("123456789", "123456792"),
    ] {
        check("float", literal, expected);
    }
}

#[test]
fn an_integer_is_written_in_decimal() {
    check("int32", "-0", "0");
    check("int32", "-0x80000000", "-2147483648");
    check("uint64", "0xffffffffffffffff", "18446744073709551615");
    check("sint64", "-01000000000000000000000", "-9223372036854775808");
    check("uint32", "00", "0");
}

#[test]
fn bytes_are_escaped_and_strings_are_not() {
    check("bytes", r#""\xff\0\n\"'?\t\\""#, r#"\377\000\n\"\'?\t\\"#);
    check("string", r#""a\"" '\n' "\u00e9""#, "a\"\n\u{e9}");
}

#[test]
fn escapes_make_bytes() {
    let check = |literal: &str, expected: &[u8]| {
        let (_, defaults) = defaults(&[("string", literal.to_owned())]);
        assert_eq!(defaults[0], expected, "{literal}");
    };
    check(r#""\a\b\f\n\r\t\v\\\?\'\"""#, b"\x07\x08\x0c\n\r\t\x0b\\?'\"");
    check(r#""\1\12\1234\777""#, b"\x01\x0aS4\xff");
    check(r#""\x1\xabc\XF""#, b"\x01\xabc\x0f");
    check(r#""\u0041\U00010348""#, "A\u{10348}".as_bytes());
    check(r#""\ud800\udf48""#, "\u{10348}".as_bytes());
    check(r#""\U0000d800\udf48""#, "\u{10348}".as_bytes());
    check(r#""\ud800""#, b"\xed\xa0\x80");
    check(r#""\ud800\u0041""#, b"\xed\xa0\x80A");
    check(r#""\udf48\ud800""#, b"\xed\xbd\x88\xed\xa0\x80");
    check(r#""\U00110000""#, b"\\U00110000");
}

#[test]
fn the_value_of_an_option_is_parsed_by_its_form() {
    let check = |text: &str, expected: OptionValue| {
        let text = format!("syntax = \"proto2\"; option a = {text};");
        let parsed = rgrpc_schema::parse("a.proto", text.as_bytes());
        assert_eq!(parsed.errors, [], "{text}");
        assert_eq!(parsed.file.options.uninterpreted[0].value, expected, "{text}");
    };
    check("foo", OptionValue::Identifier("foo".into()));
    check("inf", OptionValue::Identifier("inf".into()));
    check("- inf", OptionValue::Double(f64::NEG_INFINITY));
    check("0", OptionValue::Positive(0));
    check("-0", OptionValue::Negative(0));
    check("18446744073709551615", OptionValue::Positive(u64::MAX));
    check("18446744073709551616", OptionValue::Double(18_446_744_073_709_551_616.0));
    check("-9223372036854775808", OptionValue::Negative(i64::MIN));
    check("-9223372036854775809", OptionValue::Double(-9_223_372_036_854_775_808.0));
    check("1.5", OptionValue::Double(1.5));
    check("'a' \"b\"", OptionValue::String(b"ab".into()));
    check("{}", OptionValue::Aggregate(Vec::new()));
    check("-{ a: 1 }", OptionValue::Aggregate(b" a: 1 ".into()));
    check("{a{b:<c:'}'>}/*x*/ d:[1] // y\n}", OptionValue::Aggregate(b"a{b:<c:'}'>}      d:[1]     \n".into()));
}

struct Literals(Random);

impl Literals {
    fn digits(&mut self, most: usize) -> String {
        (0..=self.0.below(most)).map(|_| char::from(b'0' + (self.0.next() % 10) as u8)).collect()
    }

    /// A random decimal number, or a random bit pattern printed as a double or float.
    fn number(&mut self) -> String {
        let sign = if self.0.next().is_multiple_of(2) { "-" } else { "" };
        let number = match self.0.below(5) {
            0 => format!("{}.{}e{}", self.digits(20), self.digits(20), self.digits(2)),
            1 => format!("{}.{}e-{}", self.digits(3), self.digits(30), self.digits(2)),
            2 => format!("{}.{}", self.digits(10), self.digits(10)),
            3 => format!("{:e}", f64::from_bits(self.0.next() & !(1 << 63))),
            _ => format!("{:e}", f32::from_bits((self.0.next() >> 33) as u32)),
        };
        sign.to_owned() + &number.replace("NaN", "nan")
    }

    fn string(&mut self) -> String {
        const PIECES: [&str; 16] = [
            "a",
            " ",
            "\\n",
            "\\0",
            "\\12",
            "\\377",
            "\\x8",
            "\\xfF",
            "\\u00e9",
            "\\ud83d",
            "\\ude00",
            "\\U0001F600",
            "\u{e9}",
            "'",
            "\\\"",
            "\\?",
        ];
        let pieces: String = (0..self.0.below(8)).map(|_| *self.0.of(&PIECES)).collect();
        format!("\"{pieces}\"")
    }
}

#[test]
fn random_literals_have_the_values_of_protoc() {
    let mut random = Literals(Random::new(1));
    let literals = (0..6000).map(|index| match index % 4 {
        0 => ("double", random.number()),
        1 => ("float", random.number()),
        2 => ("string", random.string()),
        _ => ("bytes", random.string()),
    });
    let literals: Vec<_> = literals.filter(|(_, literal)| !is_octal_float(literal)).collect();
    let (text, defaults) = defaults(&literals);
    let compiled = Protoc::in_folder("literals").compile(text.as_bytes()).unwrap();
    let expected = of_fields(&rgrpc_schema::decode(compiled).unwrap());
    for (((kind, literal), ours), expected) in literals.iter().zip(defaults).zip(expected) {
        let (ours, expected) =
            (String::from_utf8_lossy(&ours).into_owned(), String::from_utf8_lossy(&expected).into_owned());
        assert_eq!(ours, expected, "{kind} {literal}");
    }
}

/// `012.5` is an octal number, which cannot have a decimal point.
fn is_octal_float(literal: &str) -> bool {
    let digits = literal.trim_start_matches('-').as_bytes();
    matches!(digits, [b'0', b'0'..=b'9', ..])
}
