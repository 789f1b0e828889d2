//! Requests, parameters and comments from the cases of testdata, as first inputs.

use std::sync::LazyLock;

use super::wire::{Field, Kind, Node, Value};

const PARAMETER: u32 = 2;
const COMMENTS: [u32; 2] = [3, 4];

static TREES: LazyLock<Vec<Node>> = LazyLock::new(|| {
    let cases = testdata::cases().into_iter().chain(testdata::errors());
    let trees = cases.map(|case| {
        let mut tree = Node::decode(Kind::Request, &case.request()).expect("a request");
        keep_comments(&mut tree);
        tree
    });
    trees.filter(|tree| tree.encode().len() < SIZE).collect()
});

/// The most bytes of a request. A request that includes descriptor.proto takes too long.
const SIZE: usize = 12_000;

/// The requests of the cases, as trees.
pub fn trees() -> &'static [Node] {
    &TREES
}

/// The requests of the cases.
#[must_use]
pub fn requests() -> Vec<Vec<u8>> {
    trees().iter().map(Node::encode).collect()
}

/// The parameters of the cases.
#[must_use]
pub fn parameters() -> Vec<String> {
    testdata::cases().iter().chain(&testdata::errors()).map(testdata::Case::parameter).collect()
}

/// The comments of the cases.
#[must_use]
pub fn comments() -> Vec<String> {
    let locations = trees().iter().flat_map(Node::nodes).filter(|node| node.kind == Kind::Location);
    let fields = locations.flat_map(|node| &node.fields).filter(|field| COMMENTS.contains(&field.tag));
    let texts = fields.filter_map(|field| match &field.value {
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    });
    texts.collect()
}

/// The first request with a service, with this parameter.
pub fn with_parameter(parameter: &str) -> Vec<u8> {
    let mut tree = trees()
        .iter()
        .find(|tree| tree.nodes().iter().any(|node| node.kind == Kind::Service))
        .expect("a case with a service")
        .clone();
    tree.fields.retain(|field| field.tag != PARAMETER);
    tree.fields.push(Field { tag: PARAMETER, value: Value::Bytes(parameter.as_bytes().to_vec()) });
    tree.encode()
}

/// Drops the locations without comments, which are most of a request.
fn keep_comments(node: &mut Node) {
    node.fields.retain(|field| match &field.value {
        Value::Node(node) if node.kind == Kind::Location => {
            node.fields.iter().any(|field| COMMENTS.contains(&field.tag))
        }
        _ => true,
    });
    for field in &mut node.fields {
        if let Value::Node(node) = &mut field.value {
            keep_comments(node);
        }
    }
}
