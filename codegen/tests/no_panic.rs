//! Checks the claims of the fuzz targets for as many random inputs as a test has time for.

#[path = "../fuzz/src/lib.rs"]
mod claims;

use std::thread;

use prost::Message;
use prost_types::compiler::CodeGeneratorRequest;
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

/// The most bytes of choices. A change takes about ten.
const CHOICES: usize = 40;

#[test]
fn damaged_requests_are_answered() {
    let mut random = Random(1);
    for _ in 0..200 {
        let length = 1 + random.below(CHOICES);
        claims::generate(&(0..length).map(|_| random.byte()).collect::<Vec<_>>());
    }
}

#[test]
fn damaged_versions_are_compared() {
    let mut random = Random(5);
    for _ in 0..200 {
        let length = 1 + random.below(CHOICES);
        claims::breaking(&(0..length).map(|_| random.byte()).collect::<Vec<_>>());
    }
}

#[test]
fn damaged_bytes_are_answered() {
    let mut random = Random(2);
    for request in claims::requests() {
        claims::request(&request);
        for _ in 0..8 {
            claims::request(&random.damage(request.clone()));
        }
    }
}

#[test]
fn damaged_parameters_are_refused_or_work() {
    let mut random = Random(3);
    for parameter in claims::parameters() {
        for _ in 0..8 {
            claims::options(&String::from_utf8_lossy(&random.damage(parameter.clone().into_bytes())));
        }
    }
}

#[test]
fn damaged_comments_are_inert() {
    let mut random = Random(4);
    for comment in claims::comments() {
        for _ in 0..20 {
            claims::comment(&String::from_utf8_lossy(&random.damage(comment.clone().into_bytes())));
        }
    }
}

#[test]
fn the_deepest_schema_needs_no_deep_stack() {
    const LEVELS: usize = 32;
    const STACK: usize = 512 << 10;
    let mut message = DescriptorProto { name: Some("Innermost".to_owned()), ..Default::default() };
    for level in 1..LEVELS {
        message = DescriptorProto {
            name: Some(format!("M{level}")),
            field: vec![FieldDescriptorProto {
                name: Some("inner".to_owned()),
                number: Some(1),
                label: Some(1),
                r#type: Some(5),
                ..Default::default()
            }],
            nested_type: vec![message],
            ..Default::default()
        };
    }
    let file = FileDescriptorProto {
        name: Some("deep.proto".to_owned()),
        package: Some(["a"; LEVELS].join(".")),
        syntax: Some("proto3".to_owned()),
        message_type: vec![message],
        ..Default::default()
    };
    let request = CodeGeneratorRequest {
        file_to_generate: vec!["deep.proto".to_owned()],
        proto_file: vec![file],
        ..Default::default()
    };
    let answer = move || rgrpc_codegen::plugin::run(request.encode_to_vec(), |_| Err(String::new()));
    let thread = thread::Builder::new().stack_size(STACK).spawn(answer).expect("a thread");
    let reply = thread.join().expect("no panic").expect("a request");
    assert!(reply.response.len() > 10_000, "the deepest schema is rejected");
}

/// A generator of random bytes and damage.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        testdata::random::below(&mut self.0, bound)
    }

    fn byte(&mut self) -> u8 {
        testdata::random::byte(&mut self.0)
    }

    fn damage(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        testdata::random::damage(&mut self.0, bytes)
    }
}
