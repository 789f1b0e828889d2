//! Tells tasks that a handler has spawned when its call is cancelled.

use tokio_util::sync::CancellationToken;
use tonic::{Code, Extensions, Status};

use super::{Answer, Head, Intercept, Next};

/// An interceptor that gives handlers a token, which is cancelled with their call.
///
/// When a call is cancelled, its handler and its stream of responses are dropped, but tasks that the handler has spawned are not. They can
/// wait for the token:
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User, user_service_server::{UserService, UserServiceServer}};
/// use rgrpc::{Request, Response, Status, intercept::Cancellation};
///
/// struct Users;
///
/// impl UserService for Users {
///     async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
///         let cancelled = Cancellation::of(request.extensions()).unwrap_or_default();
///         let report = tokio::spawn(async move {
///             tokio::select! {
///                 user = make_a_report() => Some(user),
///                 () = cancelled.cancelled() => None,
///             }
///         });
///         let user = report.await.ok().flatten().ok_or_else(|| Status::internal("no report"))?;
///         Ok(Response::new(user))
///     }
/// }
/// # async fn make_a_report() -> User { User::default() }
///
/// let server = UserServiceServer::new(Users).intercept(Cancellation);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Cancellation;

impl Cancellation {
    /// The token of a call, from the extensions of its request; `None` without the interceptor.
    ///
    /// It is cancelled if the call ends with `CANCELLED` or `DEADLINE_EXCEEDED`: because the client cancelled it or disconnected, or because
    /// its deadline passed.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<CancellationToken> {
        extensions.get().map(|CallToken(token)| token.clone())
    }
}

#[derive(Clone)]
struct CallToken(CancellationToken);

impl Intercept for Cancellation {
    async fn intercept(&self, mut head: Head, next: Next) -> Result<Answer, Status> {
        let token = CancellationToken::new();
        head.extensions.insert(CallToken(token.clone()));
        let end = move |status: &Status| {
            if matches!(status.code(), Code::Cancelled | Code::DeadlineExceeded) {
                token.cancel();
            }
        };
        next.run(head).on_end(end).await
    }
}
