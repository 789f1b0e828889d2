//! The same module tree compiles at the root of a crate and deep below it.

#![deny(warnings)]

include!("../src/cases/cross_package/mod.rs");

mod deep {
    pub mod deeper {
        pub mod deepest {
            include!("../src/cases/cross_package/mod.rs");
        }
    }
}

use deep::deeper::deepest;

#[test]
fn messages_of_other_packages_are_those_of_the_same_tree() {
    let label = deepest::b::v1::Label { text: None };
    let child = deepest::a::v1::Child { scope: Some(deepest::a::Scope { parts: Vec::new() }), label: Some(label) };
    assert_eq!(child.label.and_then(|label| label.text), None);

    let label = b::v1::Label { text: Some(b::v1::label::Text { value: "root".to_owned() }) };
    let child = a::v1::Child { scope: None, label: Some(label) };
    assert_eq!(child.label.and_then(|label| label.text).map(|text| text.value).as_deref(), Some("root"));
}
