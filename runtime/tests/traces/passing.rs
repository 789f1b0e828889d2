//! The context of calls, passed from service to service, also through a process that records nothing.

use rgrpc::tonic::transport;
use rgrpc::{Channel, traces};

use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::user_v1::user_service_server::UserServiceServer;
use crate::support::{request, serve};
use crate::world::{Hop, Recorder, both, client, traced};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const UNSAMPLED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
const STATE: &str = "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7";

/// Three services, each a socket from the next; the last says what the call carried.
async fn chain() -> UserServiceClient {
    let mut next = None;
    for _ in 0..3 {
        let address = serve(transport::Server::builder().add_service(traced(Hop(next)))).await;
        next = Some(client(Channel::connect(address).await.unwrap()));
    }
    next.unwrap()
}

/// The headers that the last of three services is told, where the first is told `parent` and `STATE` by one who does not trace.
async fn carried(parent: &str) -> (String, String) {
    let address = serve(transport::Server::builder().add_service(traced(Hop(Some(chain().await))))).await;
    let caller = UserServiceClient::new(Channel::connect(address).await.unwrap());
    let call = caller.get_user(request("carried")).metadata("traceparent", parent).metadata("tracestate", STATE);
    let said = call.await.unwrap().into_inner().id;
    let (parent, state) = said.split_once('|').unwrap();
    (parent.to_owned(), state.to_owned())
}

#[tokio::test]
async fn a_trace_crosses_three_services() {
    let recorder = Recorder::start();
    let (parent, state) = carried(PARENT).await;
    let spans = recorder.spans(7).await;
    assert!(spans.iter().all(|span| span.span_context.trace_id().to_string() == PARENT[3..35]));
    assert_eq!(spans[0].parent_span_id.to_string(), PARENT[36..52]);
    assert!(spans[0].parent_span_is_remote);
    let last_client = &spans[5];
    assert_eq!(parent, format!("00-{}-{}-01", &PARENT[3..35], last_client.span_context.span_id()));
    assert_eq!(state, STATE);
}

#[tokio::test]
async fn a_trace_that_is_not_recorded_stays_so() {
    let recorder = Recorder::start();
    let (parent, state) = carried(UNSAMPLED).await;
    assert_eq!((&parent[..36], &parent[52..]), (&UNSAMPLED[..36], "-00"));
    assert_eq!(state, STATE);
    recorder.spans(0).await;
}

#[tokio::test]
async fn a_malformed_context_begins_a_new_trace() {
    let recorder = Recorder::start();
    for malformed in ["", "00", &PARENT[..54], "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"] {
        let (parent, state) = carried(malformed).await;
        let spans = recorder.spans(7).await;
        let trace = spans[0].span_context.trace_id().to_string();
        assert_ne!(trace, PARENT[3..35]);
        assert_eq!((&parent[3..35], &*state), (&*trace, ""), "{malformed}");
        assert!(!spans[0].parent_span_is_remote);
    }
}

#[tokio::test]
async fn without_opentelemetry_a_context_passes_unchanged() {
    for parent in [PARENT, UNSAMPLED] {
        assert_eq!(carried(parent).await, (parent.to_owned(), STATE.to_owned()));
    }
    assert_eq!(carried("malformed").await, (String::new(), String::new()));
}

#[tokio::test]
async fn a_task_inherits_the_context_that_it_is_given() {
    let last = client(Channel::new(traced(Hop(None))));
    for first in both(|| Hop(Some(last.clone()))).await {
        let call = first.get_user(request("scoped")).metadata("traceparent", PARENT);
        assert_eq!(call.await.unwrap().into_inner().id, format!("{PARENT}|"));
    }
}

/// A server in this process is polled by its caller, which answers another call.
#[tokio::test]
async fn a_server_in_process_takes_nothing_from_its_caller_but_metadata() {
    let plain = UserServiceClient::new(Channel::new(
        UserServiceServer::new(Hop(Some(client(Channel::new(traced(Hop(None))))))).intercept(traces::server()),
    ));
    let first = UserServiceClient::new(Channel::new(traced(Hop(Some(plain)))));
    let call = first.get_user(request("carried")).metadata("traceparent", PARENT);
    assert_eq!(call.await.unwrap().into_inner().id, "|");
}
