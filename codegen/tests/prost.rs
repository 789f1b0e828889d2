//! Compares messages with those of prost-build: fields, types, derives and attributes are the same, except for listed improvements.

#[path = "prost/editions.rs"]
mod editions;
#[path = "prost/items.rs"]
mod items;
#[path = "prost/random.rs"]
mod random;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::panic::catch_unwind;

use prost::Message;
use prost::bytes::Bytes;
use prost_types::FileDescriptorProto;
use rgrpc_codegen::{DescriptorSet, Options, generate};

use items::{Claim, claims};

/// An improvement on the output of prost-build, and how it is recognized.
struct Improvement {
    reason: &'static str,
    is: fn(&Difference) -> bool,
}

const IMPROVEMENTS: &[Improvement] = &[
    Improvement {
        reason: "names without words, and values of equal names, become Rust",
        is: |it| {
            it.what == "nothing" && ["expected identifier", "names overlap"].iter().any(|it2| it.theirs.contains(it2))
        },
    },
    Improvement {
        reason: "a name that is taken gets a number",
        is: |it| it.theirs != it.ours && without_numbers(&it.theirs) == without_numbers(&it.ours),
    },
    Improvement {
        reason: "the enum of a oneof `self` beside an enum `Self` is `SelfOneOf`, which no lint minds",
        is: |it| it.theirs.replace("Self_OneOf", "SelfOneOf") == it.ours,
    },
    Improvement {
        reason: "what holds a field with `debug_redact` has a `Debug` that does not show it",
        is: |it| it.what == "prost" && it.ours == "prost(skip_debug)" && it.theirs.is_empty(),
    },
    Improvement {
        reason: "a deprecated message or enum is deprecated in Rust too",
        is: |it| it.what == "deprecated" && it.ours == "true" && !it.of.contains('.'),
    },
    Improvement {
        reason: "a list of proto3 is packed, whatever other options it has",
        is: |it| it.what == "prost" && it.theirs.replace("packed=\"false\",", "") == it.ours,
    },
    Improvement {
        reason: "a default that is an alias is the value that it stands for",
        is: |it| it.what == "prost" && before_default(&it.theirs) == Some(before_default(&it.ours).unwrap_or_default()),
    },
    Improvement {
        reason: "a group is boxed where its message would contain itself over groups",
        is: |it| it.theirs.contains("group") && bare(&it.theirs) == bare(&it.ours),
    },
    Improvement {
        reason: "a required message that would contain itself is optional",
        is: |it| {
            let [theirs, ours] = [&it.theirs, &it.ours].map(|text| text.replace("required", "optional"));
            it.theirs.contains("required") && bare(&theirs) == bare(&ours)
        },
    },
];

/// The text without the numbers at the ends of names.
fn without_numbers(text: &str) -> String {
    let names = text.replace("r#", "");
    let names = names.split(|c: char| !c.is_alphanumeric() && c != '_');
    names.map(|name| name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_')).collect::<Vec<_>>().join(" ")
}

/// A type without `Option` and `Box`, or an attribute without `boxed`.
fn bare(text: &str) -> String {
    ["::core::option::Option<", "::prost::alloc::boxed::Box<", ">", "boxed,"]
        .iter()
        .fold(text.to_owned(), |text, part| text.replace(part, ""))
}

fn before_default(attribute: &str) -> Option<&str> {
    attribute.split_once("default=").map(|(before, _)| before)
}

/// A difference between the two generators. `what` is `nothing` if prost-build generates no valid Rust for the files.
struct Difference {
    of: String,
    what: &'static str,
    theirs: String,
    ours: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, what, theirs, ours } = self;
        write!(f, "{what} of {of}\n  prost-build: {theirs}\n        rgrpc: {ours}")
    }
}

/// A `google.protobuf.FileDescriptorSet` with undecoded files.
#[derive(Clone, PartialEq, Message)]
struct RawSet {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    file: Vec<Bytes>,
}

/// The number of random schemas to compare.
const SCHEMAS: u64 = 300;

#[test]
fn every_difference_from_prost_build_is_an_improvement() {
    let cases = testdata::cases().into_iter().map(|case| (case.name.clone(), case.descriptor_set()));
    let random = (1..=SCHEMAS).map(|seed| (format!("random {seed}"), random::schema(seed).encode_to_vec()));
    let used = judge(cases.chain(random));
    for improvement in IMPROVEMENTS {
        assert!(used.contains(improvement.reason), "nothing shows that {}", improvement.reason);
    }
}

/// Compares the set at `DESCRIPTOR_SET`, if it is set: `.ci/messages` passes a large one.
#[test]
fn a_given_set_agrees_with_prost_build() {
    if let Some(path) = std::env::var_os("DESCRIPTOR_SET") {
        judge([("the set".to_owned(), std::fs::read(path).unwrap())]);
    }
}

/// Fails at differences that are no improvements, and returns the reasons for the others.
fn judge(sets: impl IntoIterator<Item = (String, Vec<u8>)>) -> BTreeSet<&'static str> {
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, set) in sets {
        for difference in differences(&set) {
            match IMPROVEMENTS.iter().find(|improvement| (improvement.is)(&difference)) {
                Some(improvement) => _ = used.insert(improvement.reason),
                None => wrong.push(format!("{name}: {difference}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    used
}

/// The differences between the generators for a set.
fn differences(set: &[u8]) -> Vec<Difference> {
    let raw = RawSet::decode(set).unwrap();
    let files: Vec<FileDescriptorProto> = raw.file.iter().map(|bytes| editions::for_prost(bytes)).collect();
    let ours = ours(set);
    let theirs = match catch_unwind(|| theirs(files)) {
        Ok(theirs) => theirs,
        Err(panic) => {
            let theirs = panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "panics".to_owned());
            return vec![Difference { of: String::new(), what: "nothing", theirs, ours: String::new() }];
        }
    };
    assert_eq!(theirs.len(), ours.len());
    theirs.iter().zip(ours).flat_map(|(theirs, ours)| compare(theirs, &ours)).collect()
}

fn compare(theirs: &str, ours: &str) -> Vec<Difference> {
    let ours = claims(ours).unwrap();
    let theirs = match claims(theirs) {
        Ok(theirs) => theirs,
        Err(error) => {
            return vec![Difference {
                of: String::new(),
                what: "nothing",
                theirs: error.to_string(),
                ours: String::new(),
            }];
        }
    };
    let shown =
        |claims: &[Claim]| claims.iter().map(|claim| format!("{} {}", claim.of, claim.what)).collect::<Vec<_>>();
    assert_eq!(theirs.len(), ours.len(), "{:#?}\n{:#?}", shown(&theirs), shown(&ours));
    let mut differences = Vec::new();
    for (theirs, ours) in theirs.into_iter().zip(ours) {
        if theirs.of != ours.of {
            let Claim { of, .. } = ours.clone();
            differences.push(Difference { of: of.clone(), what: "name", theirs: theirs.of, ours: of });
        }
        if theirs.value != ours.value {
            let Claim { of, what, value } = ours;
            differences.push(Difference { of, what, theirs: theirs.value, ours: value });
        }
    }
    differences
}

/// The messages that prost-build generates, by package.
fn theirs(mut files: Vec<FileDescriptorProto>) -> Vec<String> {
    files.sort_by(|a, b| a.name().cmp(b.name()));
    let module = |index: usize| prost_build::Module::from_parts([index.to_string()]);
    let packages: Vec<_> = files.iter().map(|file| (file.package().to_owned(), is_generated(file.name()))).collect();
    let requests = files.into_iter().enumerate().map(|(index, file)| (module(index), file)).collect();
    let mut generated = prost_build::Config::new().generate(requests).expect("prost-build takes the files");
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (index, (package, _)) in packages.into_iter().enumerate().filter(|(_, (_, is_generated))| *is_generated) {
        *texts.entry(package).or_default() += &generated.remove(&module(index)).unwrap_or_default();
    }
    texts.into_values().collect()
}

/// The messages that this generator generates, by package.
fn ours(set: &[u8]) -> Vec<String> {
    let set = DescriptorSet::decode(set.to_vec()).unwrap();
    let names: Vec<&str> = set.file_names().filter(|name| is_generated(name)).collect();
    let options = Options::parse("prost_path=::prost,build_client=false,build_server=false").unwrap();
    let output = generate(&set, &names, &options).unwrap();
    output.files.into_iter().skip(1).map(|file| file.content).collect()
}

fn is_generated(name: &str) -> bool {
    !name.starts_with("google/protobuf/")
}
