//! Small programs for common uses of gRPC. Each has a service in `proto/`, a server and a client here, and a test.
//!
//! `cargo test -p uses` runs all tests, and `--test upload` those of one program. To copy a program, take its file or folder, its `.proto`
//! file, and `again.rs` if it imports that.
//!
//! | to | see | it shows |
//! |---|---|---|
//! | upload files over unreliable connections | [`upload`] | a stream of requests that resumes where the last one broke off |
//! | push events | [`feed`] | a stream of responses that resumes without gaps or duplicates |
//! | let people chat | [`chat`] | bidirectional streams in which slow members do not block others, a lost connection loses nothing, and members move to another server at a shutdown |
//! | collect measurements from many devices | [`telemetry`] | a slow store that slows senders down by flow control |
//! | put a model behind a service | [`inference`] | the questions of many calls, answered in batches |
//! | offer a REST API | [`gateway`] | axum's routes over a channel, messages as JSON, and status codes as HTTP statuses |
//! | call another language, and be called by it | `python/board.py` | the service of the gateway in Python and Rust, each as client and as server |

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
