//! The measured messages: those of the calls in three sizes, an order, and an order whose fields are all unknown.

use rgrpc::prost::Message;

use crate::derived::bench::v1::{Blob, Customer, Line, Order, Transfer, order};

/// An encoded message to decode.
pub(crate) struct Input {
    pub(crate) what: String,
    /// The type that it is decoded as.
    pub(crate) of: &'static str,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn inputs() -> Vec<Input> {
    let blob = |(size, len): (&str, usize)| {
        let blob = Blob { id: "7".to_owned(), count: 1, payload: vec![b'x'; len] };
        Input { what: size.to_owned(), of: "Blob", bytes: blob.encode_to_vec() }
    };
    let blobs = [("small", 0), ("1.4 KB", 1_400), ("200 KB", 200_000)].map(blob);
    let order = order().encode_to_vec();
    let size = format!("order of {} bytes", order.len());
    let unread = Input { what: format!("{size}, all of it unknown"), of: "Older", bytes: order.clone() };
    blobs.into_iter().chain([Input { what: size, of: "Order", bytes: order }, unread]).collect()
}

fn order() -> Order {
    let line = |number: u8| Line {
        article: format!("article-{number}"),
        count: number.into(),
        cents: -1999 * i64::from(number),
        picture: vec![number; 16],
    };
    Order {
        id: "2f9c2a04-6f0e-4c0b-9d8e-3f2c0b1a4d5e".to_owned(),
        created: 1_790_000_000,
        status: order::Status::Paid.into(),
        customer: Some(Customer {
            name: "Ada Lovelace".to_owned(),
            email: "ada@example.com".to_owned(),
            phones: vec!["+44 20 7946 0000".to_owned(), "+44 20 7946 0001".to_owned()],
        }),
        lines: (1..20).map(line).collect(),
        labels: ["region", "tier", "source"].map(|key| (key.to_owned(), "value".to_owned())).into(),
        steps: (0..50).map(|step| step * 100).collect(),
        payment: Some(order::Payment::Transfer(Transfer { iban: "GB33BUKB20201555555555".to_owned(), reference: 7 })),
        discount: Some(0.05),
        gift: true,
    }
}
