//! Small programs for what gRPC is used for; each has a service in `proto/`, a server and a client here, and a test.
//! `cargo test -p uses` runs all of them, `--test upload` one. To copy one, take its file or folder, its `.proto`, and `again.rs` if it
//! imports that.
//!
//! | to | see | what it shows |
//! |---|---|---|
//! | take files over bad connections | [`upload`] | a stream of requests that goes on where the last one broke off |
//! | show what happens as it happens | [`feed`] | a stream of responses that comes back without a gap or a repetition |
//! | let people talk | [`chat`] | both directions at once: nobody waits for those who read slowly, a lost connection loses nothing, and rooms move when a server ends |
//! | take measurements from many devices | [`telemetry`] | a slow store that holds up those who send, and what they do then |
//! | put a model behind a service | [`inference`] | questions of many calls that are answered together |
//! | offer REST to pages | [`gateway`] | axum's routes over a channel, messages as JSON, codes as HTTP has them |
//! | call another language, and be called | `python/board.py` | the notes of the gateway's service, in Python and Rust, either as server |

mod again;
pub mod chat;
pub mod feed;
pub mod gateway;
pub mod inference;
pub mod telemetry;
pub mod upload;

/// The generated code.
#[allow(missing_docs)]
pub mod proto {
    rgrpc::include_protos!();
}
