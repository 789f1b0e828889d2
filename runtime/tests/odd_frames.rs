//! Calls whose server sends rare or invalid frames, for all four kinds: a table by RFC 9113 and gRPC's `PROTOCOL-HTTP2.md`. A stream error
//! resets the stream, a connection error closes the connection, and frames that are only rare change nothing.
#![cfg(feature = "transport")]

mod support;

use std::time::Duration;

use rgrpc::Code;
use rgrpc::prost::Message;

use support::kinds::{all_kinds, check};
use support::peer::Step::{
    self, Close, Data, Frame, Garbage, GoAway, LastData, OfConnection, OfStream, Pause, Reset, Trailers,
};
use support::peer::{
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, End, GOAWAY, HEADERS, Headers, PADDED, PING, PRIORITY,
    PRIORITY_FRAME, PUSH_PROMISE, Peer, RST_STREAM, SETTINGS, WINDOW_UPDATE, block,
};
use support::user;

const OPEN: Step = Step::Headers(&[], End::No);
const OK: Step = Trailers(&[("grpc-status", "0")]);
const HEAD: Headers = &[(":status", "200"), ("content-type", "application/grpc")];

fn message() -> Vec<u8> {
    let message = user("7", 1).encode_to_vec();
    [&[0][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), &message].concat()
}

fn one() -> Step {
    Data(message())
}

/// The headers in frames of a few bytes each.
fn in_pieces(flags: u8, headers: Headers) -> Vec<Step> {
    let bytes = block(headers);
    let count = bytes.len().div_ceil(12);
    let of = |(n, piece): (usize, &[u8])| {
        let end = if n + 1 == count { END_HEADERS } else { 0 };
        if n == 0 { Frame(HEADERS, flags | end, piece.to_vec()) } else { Frame(CONTINUATION, end, piece.to_vec()) }
    };
    bytes.chunks(12).enumerate().map(of).collect()
}

fn setting(id: u16, value: u32) -> Step {
    OfConnection(SETTINGS, 0, [&id.to_be_bytes()[..], &value.to_be_bytes()].concat())
}

#[tokio::test(start_paused = true)]
async fn rare_but_valid_frames_change_nothing() {
    let answer = || vec![OPEN, one(), OK];
    let cases: Vec<(&str, Vec<Step>)> = vec![
        ("headers in many frames", [in_pieces(0, HEAD), vec![one(), OK]].concat()),
        ("trailers in many frames", [vec![OPEN, one()], in_pieces(END_STREAM, &[("grpc-status", "0")])].concat()),
        ("an empty frame of headers before the rest", {
            let rest = Frame(CONTINUATION, END_HEADERS, block(&[("grpc-status", "0")]));
            vec![OPEN, one(), Frame(HEADERS, END_STREAM, vec![]), rest]
        }),
        ("empty frames of data", [vec![OPEN], vec![Data(vec![]); 5], vec![one(), Data(vec![]), OK]].concat()),
        ("a message byte by byte", {
            let bytes = message().into_iter().map(|byte| Data(vec![byte]));
            [OPEN].into_iter().chain(bytes).chain([OK]).collect()
        }),
        ("padding", vec![OPEN, Frame(DATA, PADDED, [&[3][..], &message(), &[0; 3]].concat()), OK]),
        ("nothing but padding", vec![OPEN, Frame(DATA, PADDED, vec![3, 0, 0, 0]), one(), OK]),
        ("a priority", {
            let head = Frame(HEADERS, END_HEADERS | PRIORITY, [&[0, 0, 0, 0, 15][..], &block(HEAD)].concat());
            vec![head, one(), OK]
        }),
        ("several informational responses", {
            let early = |status| Frame(HEADERS, END_HEADERS, block(&[(":status", status)]));
            [vec![early("100"), early("103"), early("103")], answer()].concat()
        }),
        ("frames of unknown kinds", {
            let unknown = [Frame(0x42, 0xff, vec![1; 9]), OfConnection(0xfe, 0, vec![])];
            [vec![OPEN], unknown.to_vec(), vec![one()], unknown.to_vec(), vec![OK]].concat()
        }),
        ("a ping within the response", vec![OPEN, OfConnection(PING, 0, vec![7; 8]), one(), OK]),
        ("settings within the response", vec![OPEN, setting(4, 1), one(), setting(0x99, 7), setting(5, 1 << 20), OK]),
        ("a window of nothing", [vec![setting(4, 0)], answer()].concat()),
        ("a GOAWAY that announces another", {
            let announced = [&0x7fff_ffff_u32.to_be_bytes()[..], &[0; 4], b"soon"].concat();
            vec![OPEN, OfConnection(GOAWAY, 0, announced), Pause, GoAway(0, 0), Pause, one(), OK, Pause, Close]
        }),
        ("a reset of what is complete", vec![OPEN, one(), OK, Reset(0), Reset(8)]),
        ("a status in the headers, and another in the trailers, which is the last word", {
            vec![Step::Headers(&[("grpc-status", "5")], End::No), one(), OK]
        }),
    ];
    for (claim, script) in cases {
        check(claim, script, Code::Ok).await;
    }
}

#[tokio::test(start_paused = true)]
async fn frames_that_the_specification_ignores_change_nothing() {
    let answer = || vec![OPEN, one(), OK];
    let cases: Vec<(&str, Vec<Step>)> = vec![
        (
            "settings at their ends",
            [
                vec![
                    setting(1, 0),
                    setting(1, u32::MAX),
                    setting(5, 1 << 14),
                    setting(5, (1 << 24) - 1),
                    setting(6, 0),
                    setting(4, (1 << 31) - 1),
                ],
                answer(),
            ]
            .concat(),
        ),
        ("an answer to no ping", vec![OPEN, OfConnection(PING, ACK, vec![9; 8]), one(), OK]),
        (
            "a window that grows",
            vec![
                OPEN,
                Frame(WINDOW_UPDATE, 0, vec![0, 0, 0, 1]),
                OfConnection(WINDOW_UPDATE, 0, vec![0, 0, 0, 1]),
                one(),
                OK,
            ],
        ),
        ("a priority of its own", vec![OPEN, Frame(PRIORITY_FRAME, 0, vec![0, 0, 0, 0, 15]), one(), OK]),
        (
            "a priority of a stream that is not there",
            vec![OPEN, OfStream(99, PRIORITY_FRAME, 0, vec![0, 0, 0, 0, 15]), one(), OK],
        ),
        ("flags that mean nothing", vec![OPEN, Frame(DATA, 0xf6, message()), OK]),
        (
            "padded headers, and padded trailers",
            vec![
                Frame(HEADERS, END_HEADERS | PADDED, [&[2][..], &block(HEAD), &[0, 0]].concat()),
                one(),
                Frame(
                    HEADERS,
                    END_HEADERS | END_STREAM | PADDED,
                    [&[1][..], &block(&[("grpc-status", "0")]), &[0]].concat(),
                ),
            ],
        ),
        ("an informational response with a status of gRPC", {
            let early = Frame(HEADERS, END_HEADERS, block(&[(":status", "103"), ("grpc-status", "5")]));
            [vec![early], answer()].concat()
        }),
        (
            "frames of a stream that is complete",
            vec![
                OPEN,
                one(),
                OK,
                Frame(WINDOW_UPDATE, 0, vec![0, 0, 0, 1]),
                Frame(PRIORITY_FRAME, 0, vec![0, 0, 0, 0, 15]),
                Pause,
            ],
        ),
        ("data behind the end", vec![OPEN, one(), OK, one(), Pause]),
        ("trailers behind the end", vec![OPEN, one(), OK, Trailers(&[("grpc-status", "5")]), Pause]),
        ("a GOAWAY behind the end", vec![OPEN, one(), OK, GoAway(-1, 2), Pause, Close]),
        ("what is no HTTP/2 behind the end", vec![OPEN, one(), OK, Garbage, Pause, Close]),
        (
            "trailers with much else",
            vec![OPEN, one(), Trailers(&[("date", "x"), ("via", "2 proxy"), ("grpc-status", "0"), ("a-bin", "AQ")])],
        ),
        ("an identity that is said", vec![Step::Headers(&[("grpc-encoding", "identity")], End::No), one(), OK]),
        ("an announced length", vec![Step::Headers(&[("content-length", "10")], End::No), one(), OK]),
    ];
    assert_eq!(message().len(), 10, "as it is announced");
    for (claim, script) in cases {
        check(claim, script, Code::Ok).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_stream_is_internal() {
    let cases: Vec<(&str, Vec<Step>)> = vec![
        ("headers without a status of HTTP", vec![Frame(HEADERS, END_HEADERS, block(&[("a", "b")])), one(), OK]),
        (
            "trailers that do not end the stream",
            vec![OPEN, one(), Frame(HEADERS, END_HEADERS, block(&[("grpc-status", "0")])), Pause],
        ),
        ("more data than was announced", vec![Step::Headers(&[("content-length", "9")], End::No), one(), OK]),
        ("less data than was announced", vec![Step::Headers(&[("content-length", "11")], End::No), one(), OK]),
        ("a header of a connection", vec![Step::Headers(&[("connection", "close")], End::No), one(), OK]),
        ("an encoding of HTTP/1", vec![Step::Headers(&[("transfer-encoding", "chunked")], End::No), one(), OK]),
        (
            "a status of HTTP behind other headers",
            vec![Step::Headers(&[("a", "b"), (":status", "200")], End::No), one(), OK],
        ),
        ("two statuses of HTTP", vec![Step::Headers(&[(":status", "200")], End::No), one(), OK]),
        ("a length that is no number", vec![Step::Headers(&[("content-length", "x")], End::No), one(), OK]),
        ("a length below nothing", vec![Step::Headers(&[("content-length", "-1")], End::No), one(), OK]),
        ("trailers alone", vec![OK]),
        (
            "trailers behind an informational response",
            vec![Frame(HEADERS, END_HEADERS, block(&[(":status", "100")])), OK],
        ),
        (
            "an informational response that is all",
            vec![Frame(HEADERS, END_HEADERS | END_STREAM, block(&[(":status", "103")]))],
        ),
    ];
    for (claim, script) in cases {
        check(claim, script, Code::Internal).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_connection_is_unavailable() {
    let cases: Vec<(&str, Vec<Step>)> = vec![
        ("data of no stream", vec![OPEN, OfConnection(DATA, 0, message()), Pause, Close]),
        ("headers of no stream", vec![OPEN, OfConnection(HEADERS, END_HEADERS, block(HEAD)), Pause, Close]),
        ("headers that are cut by another frame", vec![OPEN, Frame(HEADERS, END_STREAM, vec![]), one(), Pause, Close]),
        ("a continuation of nothing", vec![OPEN, Frame(CONTINUATION, END_HEADERS, vec![]), Pause, Close]),
        ("a promise that nobody wanted", {
            let promise =
                [&2_u32.to_be_bytes()[..], &block(&[(":method", "GET"), (":path", "/"), (":scheme", "http")])].concat();
            vec![OPEN, Frame(PUSH_PROMISE, END_HEADERS, promise), Pause, Close]
        }),
        ("settings of no length", vec![OPEN, OfConnection(SETTINGS, 0, vec![0; 5]), Pause, Close]),
        ("a window of more than there is", vec![OPEN, setting(4, 1 << 31), Pause, Close]),
        ("a ping of no length", vec![OPEN, OfConnection(PING, 0, vec![0; 7]), Pause, Close]),
        ("a frame of more than the most", vec![OPEN, Data(vec![0; (64 << 10) + 1]), Pause, Close]),
        (
            "a header of a table that is empty",
            vec![OPEN, Frame(HEADERS, END_HEADERS | END_STREAM, vec![0xff, 0x7f]), Pause, Close],
        ),
        ("a promise that may be made", vec![OPEN, setting(2, 2), Pause, Close]),
        ("a frame of less than the least", vec![OPEN, setting(5, 100), Pause, Close]),
        ("a frame of more than the most there may be", vec![OPEN, setting(5, 1 << 24), Pause, Close]),
        (
            "settings that say something at once with their answer",
            vec![OPEN, OfConnection(SETTINGS, ACK, vec![0; 6]), Pause, Close],
        ),
        ("settings of a stream", vec![OPEN, Frame(SETTINGS, 0, vec![]), Pause, Close]),
        ("a ping of a stream", vec![OPEN, Frame(PING, 0, vec![0; 8]), Pause, Close]),
        ("a GOAWAY of a stream", vec![OPEN, Frame(GOAWAY, 0, vec![0; 8]), Pause, Close]),
        ("a GOAWAY of no length", vec![OPEN, OfConnection(GOAWAY, 0, vec![0; 7]), Pause, Close]),
        ("a reset of no stream", vec![OPEN, OfConnection(RST_STREAM, 0, vec![0; 4]), Pause, Close]),
        ("a reset of no length", vec![OPEN, Frame(RST_STREAM, 0, vec![0; 3]), Pause, Close]),
        ("a reset of a stream that is not there", vec![OPEN, OfStream(99, RST_STREAM, 0, vec![0; 4]), Pause, Close]),
        ("data of a stream that is not there", vec![OPEN, OfStream(99, DATA, 0, message()), Pause, Close]),
        (
            "headers of a stream that is not there",
            vec![OPEN, OfStream(99, HEADERS, END_HEADERS, block(HEAD)), Pause, Close],
        ),
        (
            "headers of a stream of the server's",
            vec![OPEN, OfStream(2, HEADERS, END_HEADERS, block(HEAD)), Pause, Close],
        ),
        (
            "a window of a stream that is not there",
            vec![OPEN, OfStream(99, WINDOW_UPDATE, 0, vec![0, 0, 0, 1]), Pause, Close],
        ),
        ("a window of no length", vec![OPEN, Frame(WINDOW_UPDATE, 0, vec![0; 3]), Pause, Close]),
        (
            "a window of the connection that grows by nothing",
            vec![OPEN, OfConnection(WINDOW_UPDATE, 0, vec![0; 4]), Pause, Close],
        ),
        (
            "a window of the connection of more than there is",
            vec![OPEN, OfConnection(WINDOW_UPDATE, 0, vec![0x7f, 0xff, 0xff, 0xff]), Pause, Close],
        ),
        ("a priority of no length", vec![OPEN, Frame(PRIORITY_FRAME, 0, vec![0; 4]), Pause, Close]),
        (
            "a table that is larger than it may be",
            vec![OPEN, Frame(HEADERS, END_HEADERS | END_STREAM, vec![0x3f, 0xe1, 0xff, 0x7f]), Pause, Close],
        ),
        (
            "a text of Huffman that is none",
            vec![
                OPEN,
                Frame(HEADERS, END_HEADERS | END_STREAM, vec![0, 0x84, 0xff, 0xff, 0xff, 0xff, 1, b'a']),
                Pause,
                Close,
            ],
        ),
        ("headers that are cut", vec![OPEN, Frame(HEADERS, END_HEADERS | END_STREAM, vec![0, 20, b'a']), Pause, Close]),
        ("the answer of a server of HTTP/1", vec![OPEN, Garbage, Pause, Close]),
    ];
    for (claim, script) in cases {
        check(claim, script, Code::Unavailable).await;
    }
}

/// RFC 9113 has them end the stream; h2 ends the connection, as it may.
#[tokio::test(start_paused = true)]
async fn headers_that_h2_does_not_read_are_unavailable() {
    let cases: Vec<(&str, Vec<Step>)> = vec![
        ("a name in upper case", vec![Step::Headers(&[("A", "b")], End::No), one(), OK]),
        ("a name of nothing", vec![Step::Headers(&[("", "b")], End::No), one(), OK]),
        ("a name with a space", vec![Step::Headers(&[("a b", "b")], End::No), one(), OK]),
        ("a value with a line", vec![Step::Headers(&[("a", "b\r\nc")], End::No), one(), OK]),
        ("a value with nothing in it", vec![Step::Headers(&[("a", "b\0")], End::No), one(), OK]),
        (
            "a header that starts with a colon",
            vec![Frame(HEADERS, END_HEADERS, block(&[(":status", "200"), (":a", "b")])), one(), OK],
        ),
        (
            "a status of HTTP that is no number",
            vec![Frame(HEADERS, END_HEADERS, block(&[(":status", "abc")])), one(), OK],
        ),
        ("a status of HTTP of two digits", vec![Frame(HEADERS, END_HEADERS, block(&[(":status", "20")])), one(), OK]),
        (
            "a status of HTTP of four digits",
            vec![Frame(HEADERS, END_HEADERS, block(&[(":status", "2000")])), one(), OK],
        ),
        ("data before headers", vec![one(), OPEN, one(), OK]),
        ("headers of more than the limit", {
            let large = (0..100).flat_map(|_| block(&[("a", std::str::from_utf8(&[b'x'; 250]).unwrap())]));
            let (first, rest) = (block(HEAD), large.collect::<Vec<_>>());
            let rest = rest.chunks(1 << 14).map(|piece| Frame(CONTINUATION, 0, piece.to_vec()));
            let last = Frame(CONTINUATION, END_HEADERS, vec![]);
            [Frame(HEADERS, 0, first)].into_iter().chain(rest).chain([last, one(), OK]).collect()
        }),
        ("a window that grows by nothing", vec![OPEN, Frame(WINDOW_UPDATE, 0, vec![0; 4]), Pause, Close]),
        ("padding of more than the frame", vec![OPEN, Frame(DATA, PADDED, vec![9, 0]), Pause, Close]),
    ];
    for (claim, script) in cases {
        check(claim, script, Code::Unavailable).await;
    }
}

/// `grpc-status` is the last word of a response, wherever its end of stream stands.
#[tokio::test(start_paused = true)]
async fn an_end_of_stream_after_the_only_headers_may_have_a_frame_of_its_own() {
    let headers = Step::Headers(&[("grpc-status", "5")], End::No);
    for script in [vec![headers.clone(), LastData(vec![])], vec![headers, Pause, Data(vec![]), Pause, LastData(vec![])]]
    {
        check(&format!("{script:?}"), script, Code::NotFound).await;
    }
}

/// A server that lets no more streams begin holds calls up to their deadline, and breaks none that has begun.
#[tokio::test(start_paused = true)]
async fn no_room_for_streams_holds_calls_up_to_their_deadline() {
    let peer = Peer::new(|_| vec![setting(3, 0), Pause, OPEN, one(), OK]);
    for channel in std::iter::once(peer.channel()).chain(peer.own().await) {
        let outcomes = all_kinds(&channel.timeout(Duration::from_secs(5))).await;
        let codes = outcomes.map(|(_, outcome)| outcome.map_or_else(|status| status.code(), |_| Code::Ok));
        assert_eq!(codes, [Code::Ok, Code::DeadlineExceeded, Code::DeadlineExceeded, Code::DeadlineExceeded]);
    }
}
