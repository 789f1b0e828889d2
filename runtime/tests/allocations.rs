//! Counts the allocations of a unary call in process, alone and with interceptors, metrics and traces.

mod support;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::tonic::body::Body;
use rgrpc::{Channel, Request, Response, ServerStream, Status};
use tower_service::Service;

use support::request;
use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::user_v1::{GetUserRequest, User};

struct Users;

impl UserService for Users {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        Ok(Response::new(User { id: request.into_inner().user_id, n: 1 }))
    }

    async fn list_users(&self, _: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(tokio_stream::once(Ok(User::default()))))
    }
}

type Server = UserServiceServer<Users>;

/// The least that an interceptor can be.
struct Pass;

impl Intercept for Pass {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        next.run(head).await
    }
}

/// The request, twice with its text; both futures; the call on the server; what its extensions say of the method, in a map of its own; the
/// response, with its text.
const BARE: u64 = 11;

/// The allocations of a call beyond one with nothing around it.
#[track_caller]
fn check(more: u64, serve: impl FnOnce(Server) -> Server, around: impl FnOnce(Channel) -> Channel) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let client = UserServiceClient::new(around(Channel::new(serve(Server::new(Users)))));
    let call = || {
        let answer = runtime.block_on(client.get_user(request("7")).into_future());
        assert_eq!(answer.unwrap().get_ref().id, "7");
    };
    call();
    assert_eq!(allocation_counter::measure(call).count_total, BARE + more);
}

fn client(channel: Channel, interceptors: usize) -> Channel {
    (0..interceptors).fold(channel, |channel, _| channel.intercept(Pass))
}

fn server(server: Server, interceptors: usize) -> Server {
    (0..interceptors).fold(server, |server, _| server.intercept(Pass))
}

#[test]
fn the_first_interceptor_allocates_four_times_and_each_further_one_once() {
    for (interceptors, more) in [(0, 0), (1, 4), (2, 5), (4, 7)] {
        check(more, |server| server, |channel| client(channel, interceptors));
        check(more, |plain| server(plain, interceptors), |channel| channel);
    }
}

#[cfg(feature = "metrics")]
#[test]
fn metrics_allocate_nothing_beyond_an_interceptor() {
    check(4, |server| server, |channel| channel.intercept(rgrpc::metrics::client()));
    check(4, |server| server.intercept(rgrpc::metrics::server()), |channel| channel);
}

#[cfg(feature = "tracing")]
#[test]
fn traces_that_nobody_listens_to_allocate_nothing_beyond_an_interceptor() {
    check(4, |server| server, |channel| channel.intercept(rgrpc::traces::client()));
    check(4, |server| server.intercept(rgrpc::traces::server()), |channel| channel);
}

#[cfg(all(feature = "metrics", feature = "tracing"))]
#[test]
fn metrics_and_traces_allocate_no_more_than_two_interceptors() {
    let both = |server: Server| server.intercept(rgrpc::metrics::server()).intercept(rgrpc::traces::server());
    check(5, both, |channel| channel);
}

/// How often a server allocates for a stream of one response by HTTP, up to its end.
fn of_a_stream_over_http(mut server: Server) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let empty_message = Body::new(Full::new(Bytes::from_static(&[0; 5])));
    let call = http::Request::post("http://x/user.v1.UserService/ListUsers").header("content-type", "application/grpc");
    let mut call = Some(call.body(empty_message).unwrap());
    let measured = allocation_counter::measure(|| {
        runtime.block_on(async {
            let mut body = server.call(call.take().unwrap()).await.unwrap().into_body();
            while let Some(frame) = body.frame().await {
                drop(frame.unwrap());
            }
        });
    });
    measured.count_total
}

/// Interceptors have the messages before they are a body.
#[test]
fn a_stream_over_http_is_one_box_with_its_body_where_no_interceptor_sees_it() {
    let plain = of_a_stream_over_http(Server::new(Users));
    assert_eq!(of_a_stream_over_http(server(Server::new(Users), 1)), plain + 4 + 1);
}
