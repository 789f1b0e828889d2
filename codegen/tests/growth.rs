//! Much of anything takes time in proportion: a step that looks at all others for each would take minutes.

use std::time::Duration;

use rgrpc_codegen::{DescriptorSet, Options, generate};
use rgrpc_schema::{Input, Retention, SourceInfo, bundled, decode, encode, link, parse};
use rustix::time::{ClockId, clock_gettime};

/// So many elements that to compare each with all others takes longer than [`MOST`], in a build without optimizations.
const MANY: usize = 20_000;

/// Many times what any case takes of the processor.
const MOST: Duration = Duration::from_secs(20);

/// Compiles a text of proto2 with many of something, and generates its code.
fn check(what: &str, before: &str, each: impl Fn(usize) -> String, after: &str) {
    assert!(is_compiled(what, before, each, after), "{what} are refused");
}

/// Whether there is code, and no errors.
fn is_compiled(what: &str, before: &str, each: impl Fn(usize) -> String, after: &str) -> bool {
    let head = "syntax = \"proto2\"; package p; import \"google/protobuf/descriptor.proto\";";
    let text = [head, before, &many(each), after].concat();
    let start = cpu_time();
    let is_compiled = compile(&text);
    let took = cpu_time().saturating_sub(start);
    assert!(took < MOST, "{MANY} {what} take {took:?}");
    is_compiled
}

fn many(each: impl Fn(usize) -> String) -> String {
    (0..MANY).map(each).collect::<Vec<_>>().join("\n")
}

/// The processor time of the threads of this process; other programs on the machine do not count.
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

/// The number of a field, but for those that protobuf reserves.
fn number(index: usize) -> usize {
    if index < 18_000 { index + 1 } else { index + 2001 }
}

/// One after the other, because the clock is that of the process.
#[test]
fn much_of_anything_takes_time_in_proportion() {
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
    assert!(!is_compiled("options that are not there", &before, |i| format!("option (optoin_{i}) = {i};"), "}"));

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
