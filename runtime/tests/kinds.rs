//! Clients and servers that disagree about the kind of a method, in process and over a socket.
#![cfg(feature = "transport")]

mod support;

use rgrpc::{Channel, Code, MethodDescriptor, Response, Status, Streaming};

use support::user_v1::user_service_server::UserServiceServer;
use support::user_v1::{GetUserRequest, User};
use support::{Users, loopback, request};

/// A method of the server, called by a client that takes it for one of any kind.
struct Method {
    unary: MethodDescriptor,
    server_streaming: MethodDescriptor,
    client_streaming: MethodDescriptor,
    bidi_streaming: MethodDescriptor,
}

const fn method(path: &'static str) -> Method {
    Method {
        unary: MethodDescriptor::unary(path),
        server_streaming: MethodDescriptor::server_streaming(path),
        client_streaming: MethodDescriptor::client_streaming(path),
        bidi_streaming: MethodDescriptor::bidi_streaming(path),
    }
}

static GET_USER: Method = method("/user.v1.UserService/GetUser");
static LIST_USERS: Method = method("/user.v1.UserService/ListUsers");
static CREATE_USERS: Method = method("/user.v1.UserService/CreateUsers");
static CHAT: Method = method("/user.v1.UserService/Chat");

/// How many responses there were, and the code at the end.
type Outcome = (usize, Code);

async fn count(responses: Result<Response<Streaming<User>>, Status>) -> Outcome {
    let mut responses = match responses {
        Ok(responses) => responses.into_inner(),
        Err(status) => return (0, status.code()),
    };
    let mut n = 0;
    loop {
        match responses.message().await {
            Ok(Some(_)) => n += 1,
            Ok(None) => return (n, Code::Ok),
            Err(status) => return (n, status.code()),
        }
    }
}

fn one(response: Result<Response<User>, Status>) -> Outcome {
    response.map_or_else(|status| (0, status.code()), |_| (1, Code::Ok))
}

/// The outcome of `requests` to `method`, whichever kind the client takes it for.
async fn outcomes(channel: &Channel, method: &'static Method, requests: &[&str]) -> Vec<Outcome> {
    let requests: Vec<GetUserRequest> = requests.iter().map(|id| request(id)).collect();
    let stream = || tokio_stream::iter(requests.clone());
    let mut outcomes = vec![
        one(channel.client_streaming(&method.client_streaming, stream()).await),
        count(channel.bidi_streaming(&method.bidi_streaming, stream()).await).await,
    ];
    if let [only] = &requests[..] {
        outcomes.push(one(channel.unary(&method.unary, only.clone()).await));
        outcomes.push(count(channel.server_streaming(&method.server_streaming, only.clone()).await).await);
    }
    outcomes
}

#[tokio::test]
async fn kinds_that_differ_end_in_process_as_over_a_socket() {
    const UNIMPLEMENTED: Outcome = (0, Code::Unimplemented);
    let ok = |n| (n, Code::Ok);
    let cases: [(&Method, &[&str], [Outcome; 4]); 10] = [
        (&GET_USER, &["a"], [ok(1); 4]),
        (&GET_USER, &[""], [(0, Code::NotFound); 4]),
        (&GET_USER, &[], [UNIMPLEMENTED; 4]),
        (&GET_USER, &["a", "b"], [UNIMPLEMENTED; 4]),
        (&LIST_USERS, &["a"], [UNIMPLEMENTED, ok(3), UNIMPLEMENTED, ok(3)]),
        (&LIST_USERS, &["none"], [UNIMPLEMENTED, ok(0), UNIMPLEMENTED, ok(0)]),
        (&LIST_USERS, &["fail"], [(0, Code::DataLoss), (1, Code::DataLoss), (0, Code::DataLoss), (1, Code::DataLoss)]),
        (&CREATE_USERS, &["a"], [ok(1); 4]),
        (&CREATE_USERS, &[], [ok(1); 4]),
        (&CHAT, &["a"], [ok(1); 4]),
    ];
    let server = UserServiceServer::new(Users::new().0);
    for channel in [loopback(server.clone()).await, Channel::new(server)] {
        for (method, requests, expected) in cases {
            let outcomes = outcomes(&channel, method, requests).await;
            assert_eq!(outcomes, expected[..outcomes.len()], "{} {requests:?}", method.unary.path());
        }
    }
}
