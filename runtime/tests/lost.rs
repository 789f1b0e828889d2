//! Calls whose server does not answer them properly, for all four kinds: a table by the clauses of gRPC's `PROTOCOL-HTTP2.md`,
//! `statuscodes.md` and `http-grpc-status-mapping.md`.
#![cfg(feature = "transport")]

mod support;

use std::error::Error;

use rgrpc::Code;
use rgrpc::prost::Message;

use support::kinds::{check, check_own};
use support::peer::{End, Peer, Step};
use support::user_v1::user_service_client::UserServiceClient;
use support::{request, user};

const OPEN: Step = Step::Headers(&[], End::No);
const OK: Step = Step::Trailers(&[("grpc-status", "0")]);

fn message() -> Vec<u8> {
    let message = user("7", 1).encode_to_vec();
    [&[0][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), &message].concat()
}

fn one() -> Step {
    Step::Data(message())
}

fn half() -> Step {
    Step::Data(message()[..7].to_vec())
}

#[tokio::test(start_paused = true)]
async fn some_data_transmitted_before_the_connection_breaks_is_unavailable() {
    use Step::{Close, Garbage, Pause};
    let ends: [(&str, Vec<Step>); 7] = [
        ("before headers", vec![Close]),
        ("before headers, after a while", vec![Pause, Close]),
        ("with headers", vec![OPEN, Close]),
        ("after headers", vec![OPEN, Pause, Close]),
        ("within a message", vec![OPEN, half(), Pause, Close]),
        ("by what is not HTTP/2", vec![Garbage, Close]),
        ("by what is not HTTP/2, after headers", vec![OPEN, Pause, Garbage, Close]),
    ];
    for (when, script) in ends {
        check(when, script, Code::Unavailable).await;
    }
    check("after a message", vec![OPEN, one(), Pause, Close], Code::Unavailable).await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_ends_by_goaway_is_unavailable() {
    use Step::{Close, GoAway, Pause};
    for code in [0, 1, 2, 11] {
        let scripts = [
            ("without the stream", vec![GoAway(-1, code), Pause, Close]),
            ("with the stream, which gets no answer", vec![GoAway(0, code), Pause, Close]),
            ("with the stream, after headers", vec![OPEN, GoAway(0, code), Pause, Close]),
            ("with the stream, after a message", vec![OPEN, one(), Pause, GoAway(0, code), Pause, Close]),
        ];
        for (when, script) in scripts {
            check(&format!("GOAWAY {code} {when}"), script, Code::Unavailable).await;
        }
    }
    let finish = vec![GoAway(0, 0), Pause, OPEN, one(), OK, Pause, Close];
    check("`Clients are free to continue working with the already accepted streams`", finish, Code::Ok).await;
}

/// hyper takes a GOAWAY with `NO_ERROR` for the end of a response that has begun, so this holds for connections of our own.
#[tokio::test(start_paused = true)]
async fn a_goaway_below_a_call_that_has_headers_is_unavailable() {
    use Step::{Close, GoAway, Pause};
    for code in [0, 1, 2, 11] {
        for before in [vec![OPEN], vec![OPEN, Pause], vec![OPEN, half(), Pause], vec![OPEN, one(), Pause]] {
            let script = [before, vec![GoAway(-1, code), Pause, Close]].concat();
            let claim = format!("GOAWAY {code} {script:?}");
            check_own(&Peer::new(move |_| script.clone()), &claim, Code::Unavailable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reset_has_the_code_of_the_table() {
    use Step::{Pause, Reset};
    let table = [
        (0, Code::Internal),
        (1, Code::Internal),
        (2, Code::Internal),
        (3, Code::Internal),
        (4, Code::Internal),
        (5, Code::Internal),
        (6, Code::Internal),
        (7, Code::Unavailable),
        (8, Code::Cancelled),
        (9, Code::Internal),
        (10, Code::Internal),
        (11, Code::ResourceExhausted),
        (12, Code::PermissionDenied),
        (13, Code::Internal),
        (99, Code::Internal),
    ];
    for (reset, code) in table {
        for (when, before) in [
            ("before headers", vec![]),
            ("with headers", vec![OPEN]),
            ("after headers", vec![OPEN, Pause]),
            ("within a message", vec![OPEN, half(), Pause]),
            ("after a message", vec![OPEN, one(), Pause]),
        ] {
            check(&format!("RST_STREAM {reset} {when}"), [before, vec![Reset(reset)]].concat(), code).await;
        }
    }
    let early = |headers| vec![Step::Headers(headers, End::Yes), Reset(0)];
    check("a status before the end of the requests", early(&[("grpc-status", "3")]), Code::InvalidArgument).await;
    check("whatever the reset says", vec![OPEN, one(), OK, Reset(8)], Code::Ok).await;
}

#[tokio::test(start_paused = true)]
async fn a_response_that_is_not_whole_is_no_success() {
    use Step::{Http, LastData, Trailers};
    const HTML: support::peer::Headers = &[("content-type", "text/html")];
    let page = || LastData(b"<html>502 Bad Gateway</html>".to_vec());
    for (script, code) in [
        (vec![OPEN, half(), OK], Code::Internal),
        (vec![OPEN, LastData(message()[..7].to_vec())], Code::Internal),
        (vec![OPEN, LastData(message())], Code::Unknown),
        (vec![OPEN, LastData(vec![])], Code::Unknown),
        (vec![Step::Headers(&[], End::Yes)], Code::Unknown),
        (vec![OPEN, one(), Trailers(&[("a", "b")])], Code::Unknown),
        (vec![OPEN, one(), Trailers(&[("grpc-status", "05"), ("grpc-message", "%E4%BD")])], Code::NotFound),
        (vec![OPEN, Trailers(&[("grpc-status", "5"), ("grpc-status-details-bin", "!!")])], Code::NotFound),
        (
            vec![Step::Headers(&[("grpc-status", "0")], End::No), one(), Trailers(&[("grpc-status", "5")])],
            Code::NotFound,
        ),
        (
            vec![Step::Headers(&[("grpc-encoding", "br")], End::No), Step::Data(b"\x01\0\0\0\x01x".to_vec()), OK],
            Code::Internal,
        ),
        (vec![OPEN, Step::Data(vec![0, 64, 0, 0, 0])], Code::ResourceExhausted),
        (vec![Http(502, HTML, End::No), page()], Code::Unavailable),
        (vec![Http(404, HTML, End::No), page()], Code::Unimplemented),
        (vec![Http(431, HTML, End::Yes)], Code::Internal),
        (vec![Http(200, HTML, End::No), page()], Code::Unknown),
        (vec![Http(103, &[("link", "x")], End::No), OPEN, one(), OK], Code::Ok),
    ] {
        check(&format!("{script:?}"), script, code).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_source_of_a_loss_is_reachable() {
    let peer = Peer::new(|_| vec![OPEN, Step::Pause, Step::Reset(2)]);
    let status = UserServiceClient::new(peer.channel()).get_user(request("7")).await.unwrap_err();
    let mut source: Option<&(dyn Error + 'static)> = status.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            assert_eq!(error.reason(), Some(h2::Reason::INTERNAL_ERROR));
            return;
        }
        source = error.source();
    }
    panic!("{status:?}");
}
