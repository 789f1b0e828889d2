//! The trace of a call through three services is one tree, and contains no payloads.

use std::path::Path;

const TREE: &str = "\
shop: server shop.v1.Shop/Buy: OK
  shop: client shop.v1.Orders/Place: OK
    shop: client Attempt.shop.v1.Orders/Place: OK
      orders: server shop.v1.Orders/Place: OK
        orders: client shop.v1.Stock/Reserve: OK
          orders: client Attempt.shop.v1.Stock/Reserve: UNAVAILABLE, error: the stock opens
            stock: server shop.v1.Stock/Reserve: UNAVAILABLE, error: the stock opens
          orders: client Attempt.shop.v1.Stock/Reserve: OK
            stock: server shop.v1.Stock/Reserve: OK";

#[tokio::test]
async fn a_call_through_three_services_is_one_tree() {
    let traced = traces::trace(Path::new(env!("CARGO_BIN_EXE_traces"))).await.unwrap();
    assert_eq!(traced.steps, ["placed", "found on shelf 7"]);
    assert_eq!(traced.tree, TREE, "{}", traced.logs);

    let spans: Vec<_> =
        traced.spans.iter().flat_map(|resource| &resource.scope_spans).flat_map(|scope| &scope.spans).collect();
    assert!(spans.iter().all(|span| span.trace_id == spans[0].trace_id));
    let everything = format!("{spans:?}");
    for payload in ["Middlemarch", "4242 4242", "shelf 7", "placed"] {
        assert!(!everything.contains(payload), "{payload}: {everything}");
    }

    let guide = include_str!("../../../docs/src/observing.md");
    assert!(guide.contains(TREE), "the guide shows another tree");

    // Log lines within a call contain the trace id, and libraries below the services log nothing.
    let trace = u128::from_be_bytes(spans[0].trace_id[..].try_into().unwrap());
    let trace = format!("{trace:032x}");
    for (line, service) in [("a book is wanted", "Shop/Buy"), ("asking for the book", "Orders/Place")] {
        let line = traced.logs.lines().find(|logged| logged.contains(line)).unwrap();
        assert!(line.contains(&trace) && line.contains(service), "{line}");
    }
    assert!(!traced.logs.contains("\"target\":\"h2"), "{}", traced.logs);
}
