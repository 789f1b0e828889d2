//! Uses generated types as users would, where options change them.

use std::collections::BTreeMap;
use std::sync::Arc;

use golden::cases::attributes::demo::v1::{Card, Deal, deal::Kind};
use golden::cases::dyn_trait::demo::v1::Thing;
use golden::cases::dyn_trait::demo::v1::greeter_client::GreeterClient;
use golden::cases::dyn_trait::demo::v1::greeter_server::{Greeter, GreeterDyn, GreeterServer};
use golden::cases::extern_path::billing::v1::Account;
use golden::cases::extern_path::billing::v1::billing_client::BillingClient;
use golden::cases::extern_path::billing::v1::billing_server::{Billing, BillingServer};
use golden::cases::field_types::demo::v1::choice::What;
use golden::cases::field_types::demo::v1::{Blob, Blob2, Choice, Parts, Thumbnail};
use golden::cases::skip_debug::demo::v1::{Level, Secret, secret::Value};
use golden::shared::{Document, Money, money::Currency};
use golden::cases::type_names::demo::v1::{Outer, Outer2, outer};
use rgrpc::prost::bytes::Bytes;
use rgrpc::prost::{Message, Name};
use rgrpc::prost_types::Any;
use rgrpc::{Request, Response, ServerStream, Status, Streaming};
use tokio_stream::StreamExt;

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

/// The implementations below would clash with derived ones.
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

struct Polite(&'static str);

impl Greeter for Polite {
    async fn say_hello(&self, request: Request<Thing>) -> Result<Response<Thing>, Status> {
        Ok(Response::new(self.greet(&request.get_ref().name)))
    }

    async fn repeat_hello(&self, request: Request<Thing>) -> Result<Response<impl ServerStream<Thing>>, Status> {
        let reply = self.greet(&request.get_ref().name);
        Ok(Response::new(tokio_stream::iter([Ok(reply.clone()), Ok(reply)])))
    }

    async fn greet_group(&self, request: Request<Streaming<Thing>>) -> Result<Response<Thing>, Status> {
        let names: Vec<String> = request.into_inner().map(|thing| thing.unwrap().name).collect().await;
        Ok(Response::new(self.greet(&names.join(" and "))))
    }
}

impl Polite {
    fn greet(&self, name: &str) -> Thing {
        Thing { name: format!("{}, {name}", self.0) }
    }
}

fn thing(name: &str) -> Thing {
    Thing { name: name.to_owned() }
}

/// Two implementations, chosen at run time, behind one type.
#[tokio::test]
async fn a_trait_object_is_served() {
    let greeters: [(Arc<dyn GreeterDyn>, &str); 2] =
        [(Arc::new(Polite("Hello")), "Hello"), (Arc::new(Polite("Bonjour")), "Bonjour")];
    for (greeter, greeting) in greeters {
        let client = GreeterClient::new(GreeterServer::new(greeter.clone()));
        let reply = client.say_hello(thing("Ada")).await.unwrap().into_inner();
        assert_eq!(reply.name, format!("{greeting}, Ada"));
        let replies = client.repeat_hello(thing("Ada")).await.unwrap().into_inner();
        assert_eq!(replies.collect::<Vec<_>>().await.len(), 2);
        let group = tokio_stream::iter([thing("Ada"), thing("Alan")]);
        #[expect(deprecated, reason = "the case deprecates it")]
        let reply = client.greet_group(group).await.unwrap().into_inner();
        assert_eq!(reply.name, format!("{greeting}, Ada and Alan"));
        let left_out = client.greet_each(tokio_stream::iter([thing("Ada")])).await;
        assert_eq!(left_out.err().map(|status| status.code()), Some(rgrpc::Code::Unimplemented));
        // The object itself, without a server.
        let reply = GreeterDyn::say_hello(&*greeter, Request::new(thing("Ada"))).await.unwrap();
        assert_eq!(reply.into_inner().name, format!("{greeting}, Ada"));
    }
}

/// `.ci/features` compiles this crate with each of them alone.
#[test]
fn the_features_of_packages_are_declared_as_they_were_written() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let written = read("src/cases/package_features/features.toml");
    let (_, features) = written.split_once("[features]\n").unwrap();
    for manifest in ["Cargo.toml", "edition_2021/Cargo.toml"] {
        assert!(read(manifest).contains(features), "{manifest} lacks\n{features}");
    }
}

struct Ledger;

impl Billing for Ledger {
    async fn get_balance(&self, request: Request<Account>) -> Result<Response<Money>, Status> {
        request.into_inner().balance.map(Response::new).ok_or_else(|| Status::not_found("no balance"))
    }

    async fn watch_prices(&self, request: Request<Currency>) -> Result<Response<impl ServerStream<Money>>, Status> {
        let price = Money { currency: Some(request.into_inner()), units: 1 };
        Ok(Response::new(tokio_stream::iter([Ok(price)])))
    }

    async fn export(&self, request: Request<Account>) -> Result<Response<Document>, Status> {
        let text = serde_json::json!({ "id": request.into_inner().id }).to_string();
        Ok(Response::new(Document(text.into())))
    }
}

/// Another format than protobuf's, for the messages of one method.
#[tokio::test]
async fn a_mapped_message_chooses_its_own_bytes() {
    let client = BillingClient::new(BillingServer::new(Ledger));
    let account = Account { id: "7".to_owned(), ..Account::default() };
    let document = client.export(account).await.unwrap().into_inner();
    assert_eq!(document.0, r#"{"id":"7"}"#);
}
