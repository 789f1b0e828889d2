//! Tools for tests of clients and servers: mocks, faults and paused time.
//!
//! # Testing an implementation without a socket
//!
//! A server can be used as a channel, so a client calls it in the test's own task: `UserServiceClient::new(UserServiceServer::new(users))`.
//!
//! # Mocking a service
//!
//! A [`Mock`] answers in place of a service. It takes its types from the generated client, so that it needs no code of its own, and works for
//! any generated client, those of other crates included:
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! # use proto::{GetUserRequest, User, user_service_client::UserServiceClient};
//! use rgrpc::{Response, Status, testing::Mock};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let users = Mock::<UserServiceClient>::new();
//! users.on(UserServiceClient::get_user).once().fails(Status::unavailable("restarting"));
//! users.on(UserServiceClient::get_user).answers(|request| async move {
//!     Ok(Response::new(User { id: request.into_inner().user_id, n: 1 }))
//! });
//! users.on(UserServiceClient::list_users).streams([User { id: "a".into(), n: 1 }, User { id: "b".into(), n: 2 }]);
//!
//! // The code under test gets the client.
//! let client = users.client();
//! let request = GetUserRequest { user_id: "7".into() };
//! assert!(client.get_user(request.clone()).await.is_err());
//! assert_eq!(client.get_user(request.clone()).await.unwrap().get_ref().id, "7");
//!
//! assert_eq!(users.calls(), ["GetUser", "GetUser"]);
//! assert_eq!(users.on(UserServiceClient::get_user).requests(), [request.clone(), request]);
//! # }
//! ```
//!
//! # Faults
//!
//! A [`Fault`] is an interceptor that delays calls, fails them or ends their responses early.
//!
//! # Time
//!
//! Deadlines, retries, backoff and delays use tokio's timers. With tokio's feature `test-util`, a test can pause time: then they are exact and
//! take no time, so that an hour passes in a millisecond.
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! # use proto::{GetUserRequest, User, user_service_client::UserServiceClient};
//! use rgrpc::{Code, testing::Mock};
//! use std::time::Duration;
//!
//! # /*
//! #[tokio::test(start_paused = true)]
//! # */
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! # a_slow_service_is_given_up_after_a_minute().await }
//! async fn a_slow_service_is_given_up_after_a_minute() {
//!     let users = Mock::<UserServiceClient>::new();
//!     users.on(UserServiceClient::get_user).after(Duration::from_secs(3600)).returns(User::default());
//!
//!     let start = tokio::time::Instant::now();
//!     let call = users.client().get_user(GetUserRequest::default()).timeout(Duration::from_secs(60));
//!     assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
//!     assert!(start.elapsed() < Duration::from_secs(61));
//! }
//! ```
//!
//! Use paused time only for calls in process: tokio's clock would jump ahead while bytes travel through a socket.

mod answer;
mod fault;
mod mock;
mod probe;
mod script;
mod shape;

pub use answer::On;
pub use fault::Fault;
pub use mock::{Mock, MockServer};
#[doc(hidden)]
pub use probe::Probe;
#[doc(hidden)]
pub use shape::Shape;
