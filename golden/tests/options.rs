//! What the options change about generated types, used as their users would use it.

use std::collections::BTreeMap;

use golden::cases::attributes::demo::v1::{Card, Deal, deal::Kind};
use golden::cases::field_types::demo::v1::choice::What;
use golden::cases::field_types::demo::v1::{Blob, Blob2, Choice, Parts, Thumbnail};
use golden::cases::skip_debug::demo::v1::{Level, Secret, secret::Value};
use golden::cases::type_names::demo::v1::{Outer, Outer2, outer};
use rgrpc::prost::bytes::Bytes;
use rgrpc::prost::{Message, Name};
use rgrpc::prost_types::Any;

#[test]
fn derived_traits_work() {
    let card = |number| Card { number, name: String::new() };
    assert_eq!([card(3), card(1)].into_iter().min(), Some(card(1)));
    let deal = |single| Deal { trump: None, kind: Some(Kind::Single(single)) };
    assert!(deal(1) < deal(2));
}

#[test]
fn bytes_share_the_buffer_they_are_decoded_from() {
    let encoded = Bytes::from(Blob { data: "shared".into(), ..Blob::default() }.encode_to_vec());
    let decoded = Blob::decode(encoded.clone()).unwrap();
    assert_eq!(decoded.data.as_ptr(), encoded[2..].as_ptr());
    assert_eq!(decoded.checksum, Vec::<u8>::new());
}

#[test]
fn bytes_maps_and_boxes_survive_the_wire() {
    let blob = Blob {
        labels: BTreeMap::from([("a".to_owned(), vec![1])]),
        thumbnail: Some(Box::new(Thumbnail { width: 2 })),
        ..Blob::default()
    };
    assert_eq!(Blob::decode(&*blob.encode_to_vec()).unwrap(), blob);
    let parts = Parts {
        parts: vec!["a".into(), "b".into()],
        last: Some("c".into()),
        named: [("d".to_owned(), "e".into())].into(),
        ..Parts::default()
    };
    assert_eq!(Parts::decode(&*parts.encode_to_vec()).unwrap(), parts);
    for what in [
        What::Raw("r".into()),
        What::Thumbnail(Box::new(Thumbnail { width: 1 })),
        What::Small(Box::default()),
        What::Plain(Thumbnail::default()),
    ] {
        let choice = Choice { what: Some(what) };
        assert_eq!(Choice::decode(&*choice.encode_to_vec()).unwrap(), choice);
    }
}

#[test]
fn bytes_maps_and_boxes_have_the_same_json() {
    let blob = Blob {
        data: "d".into(),
        labels: BTreeMap::from([("a".to_owned(), vec![1])]),
        thumbnail: Some(Box::new(Thumbnail { width: 2 })),
        ..Blob::default()
    };
    let text = r#"{"data":"ZA==","labels":{"a":"AQ=="},"thumbnail":{"width":2}}"#;
    assert_eq!(serde_json::to_string(&blob).unwrap(), text);
    assert_eq!(serde_json::from_str::<Blob>(text).unwrap(), blob);
    assert_eq!(serde_json::to_string(&Blob2 { data: "d".into() }).unwrap(), r#"{"data":"ZA=="}"#);
    let choice = Choice { what: Some(What::Small(Box::new(Thumbnail { width: 1 }))) };
    assert_eq!(serde_json::to_string(&choice).unwrap(), r#"{"small":{"width":1}}"#);
}

/// The impls below would not compile beside derived ones.
#[test]
fn debug_is_written_by_hand() {
    let secret = Secret { value: Some(Value::Text("password".to_owned())) };
    assert_eq!(format!("{secret:?} {:?}", Level::Secret), "Secret Level");
}

#[test]
fn types_know_their_names() {
    assert_eq!(Outer::type_url(), "type.googleapis.com/demo.v1.Outer");
    assert_eq!(outer::Inner::full_name(), "demo.v1.Outer.Inner");
    assert_eq!(outer::Inner::type_url(), "example.com/types/demo.v1.Outer.Inner");
    assert_eq!((Outer2::NAME, Outer2::PACKAGE), ("outer", "demo.v1"));
    let any = Any::from_msg(&Outer2::default()).unwrap();
    assert_eq!(any.to_msg::<Outer2>(), Ok(Outer2::default()));
    assert!(any.to_msg::<Outer>().is_err());
}

#[test]
fn the_prefix_of_an_enum_stays() {
    assert_eq!(outer::Inner::default().mode(), outer::Mode::ModeOn);
}
