//! The setup of a process's subscriber, which fails the second time.
#![cfg(feature = "otlp")]

use rgrpc::traces::setup;

#[tokio::test]
async fn an_invalid_or_second_setup_is_an_error() {
    let unreadable = setup().filter("users=loud").start().unwrap_err().to_string();
    assert!(unreadable.starts_with("`users=loud` is not a filter of log lines: "), "{unreadable}");
    let no_uri = setup().otlp_to("users", "not a URI").start().unwrap_err().to_string();
    assert!(no_uri.starts_with("cannot send spans to the collector: "), "{no_uri}");
    let traces = setup().filter("info,users=debug").json().otlp_to("users", "http://127.0.0.1:1").start().unwrap();
    let twice = setup().start().unwrap_err().to_string();
    assert!(twice.starts_with("the process already has a subscriber; set up only one: "), "{twice}");
    traces.shutdown().await.unwrap();
}
