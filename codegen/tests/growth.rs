//! Tests that the time of a run is proportional to the size of the schema: a quadratic step would take minutes here.

use std::time::Duration;

use rgrpc_codegen::{DescriptorSet, Options, generate};
use rgrpc_schema::{Input, Retention, SourceInfo, bundled, decode, encode, link, parse};
use rustix::time::{ClockId, clock_gettime};

/// The number of elements. Comparing each with all others takes longer than [`MOST`] in a build without optimizations.
const MANY: usize = 20_000;

/// The most processor time of a run: many times what any of them takes.
const MOST: Duration = Duration::from_secs(20);

/// Compiles a proto2 file with many elements, and generates its code.
fn check(elements: &str, before: &str, each: impl Fn(usize) -> String, after: &str) {
    assert!(is_accepted(elements, before, each, after), "{elements} are rejected");
}

/// Whether the file compiles and generates code.
fn is_accepted(elements: &str, before: &str, each: impl Fn(usize) -> String, after: &str) -> bool {
    let head = "syntax = \"proto2\"; package p; import \"google/protobuf/descriptor.proto\";";
    let text = [head, before, &many(each), after].concat();
    let start = cpu_time();
    let is_accepted = compile(&text);
    let took = cpu_time().saturating_sub(start);
    assert!(took < MOST, "{MANY} {elements} take {took:?}");
    is_accepted
}

fn many(each: impl Fn(usize) -> String) -> String {
    (0..MANY).map(each).collect::<Vec<_>>().join("\n")
}

/// The processor time of this process, so that other programs on the machine do not count.
fn cpu_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).expect("it is not negative")
}

fn compile(text: &str) -> bool {
    let parsed = parse("a.proto", text.as_bytes());
    assert_eq!(parsed.errors.first(), None);
    let descriptor = bundled::descriptor("google/protobuf/descriptor.proto").and_then(|bytes| decode(bytes).ok());
    let inputs = vec![Input::Named(parsed.file), Input::Imported(descriptor.expect("it is bundled"))];
    let Ok(linked) = link(inputs, Retention::Strip) else { return false };
    let files = linked.files.iter().map(|file| encode(file, SourceInfo::Kept));
    let set = DescriptorSet::decode_files(files).expect("it is encoded");
    generate(&set, &["a.proto"], &Options::default()).is_ok()
}

/// The number of a field, outside the range that protobuf reserves.
fn number(index: usize) -> usize {
    if index < 18_000 { index + 1 } else { index + 2001 }
}

/// One test, because the clock covers all threads of the process.
#[test]
fn the_time_of_a_run_is_proportional_to_the_schema() {
    elements();
    defaults();
    extensions();
    options();
}

fn elements() {
    check("fields", "message M {", |i| format!("optional string f{i} = {} [default = \"a\"];", number(i)), "}");
    check("messages", "", |i| format!("message M{i} {{ optional M{} m = 1; }}", (i + 1) % MANY), "");
    check("values", "enum E {", |i| format!("V{i} = {i};"), "}");
    let oneof = |i| format!("oneof o{i} {{ int32 f{i} = {}; }} message N{i} {{}}", number(i));
    check("oneofs beside nested types", "message M {", oneof, "}");
}

fn defaults() {
    let values = many(|i| format!("V{i} = {i}; "));
    let enumeration = format!("enum E {{ {values} }} message M {{");
    let field = |i| format!("optional E f{i} = {} [default = V{i}];", number(i));
    check("defaults", &enumeration, field, "}");
}

fn extensions() {
    let declaration = |i| format!("declaration = {{ number: {} full_name: \".p.e{i}\" type: \"int32\" }}", number(i));
    let declarations = many(|i| declaration(i) + if i + 1 < MANY { "," } else { "" });
    let message = format!("message M {{ extensions 1 to 100000 [{declarations}]; }} extend M {{");
    check("declared extensions", &message, |i| format!("optional int32 e{i} = {};", number(i)), "}");
}

fn options() {
    let extend = "extend google.protobuf.MessageOptions {";
    let repeated = format!("{extend} repeated int32 o = 50000; }} message M {{");
    check("values of an option", &repeated, |i| format!("option (o) = {i};"), "}");

    let declared = many(|i| format!("optional int32 option_{i} = {}; ", 50_000 + i));
    let before = format!("{extend} {declared} }} message M {{");
    check("options", &before, |i| format!("option (option_{i}) = {i};"), "}");
    assert!(!is_accepted("unknown options", &before, |i| format!("option (optoin_{i}) = {i};"), "}"));

    let fields = many(|i| format!("optional int32 f{i} = {}; ", number(i)));
    let extensions = many(|i| format!("optional int32 e{i} = {}; ", 100_000 + i));
    let before = format!(
        "message O {{ {fields} extensions 100000 to max; }} extend O {{ {extensions} }}
        {extend} optional O o = 50000; }} message M {{"
    );
    let in_one = format!("{before} option (o) = {{");
    check("fields of an option", &in_one, |i| format!("f{i}: {i} [p.e{i}]: {i}"), "}; }");
    check("fields of options", &before, |i| format!("option (o).f{i} = {i}; option (o).(e{i}) = {i};"), "}");
}
