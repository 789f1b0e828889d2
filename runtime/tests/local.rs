//! A transport that stays on its thread, below clients that do not.
#![cfg(feature = "local")]

mod support;

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::thread;

use http_body_util::StreamBody;
use rgrpc::tonic::body::Body;
use rgrpc::{Channel, Code};
use tower_service::Service;

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, check_each_kind, request};

/// Counts the calls that it carries, in what no other thread may touch.
#[derive(Clone)]
struct Counting(Rc<Cell<usize>>, UserServiceServer<Users>);

impl Service<http::Request<Body>> for Counting {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let (count, response) = (self.0.clone(), self.1.call(request));
        Box::pin(async move {
            count.set(count.get() + 1);
            response.await
        })
    }
}

#[tokio::test]
async fn calls_of_each_kind_go_through_a_transport_that_is_not_send() {
    let count = Rc::new(Cell::new(0));
    let client =
        UserServiceClient::new(Channel::local(Counting(count.clone(), UserServiceServer::new(Users::new().0))));
    check_each_kind(&client).await;
    assert_eq!(count.get(), 4);
}

/// Answers with headers that say all there is to say, and a body that breaks off.
#[derive(Clone)]
struct HeadersOnly(&'static str);

impl Service<http::Request<Body>> for HeadersOnly {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        let broken = tokio_stream::once(Err::<http_body::Frame<bytes::Bytes>, _>("malformed response"));
        let response = http::Response::builder().header("content-type", "application/grpc-web+proto");
        let response = response.header("grpc-status", self.0).header("grpc-message", "said");
        ready(Ok(response.body(Body::new(StreamBody::new(broken))).unwrap()))
    }
}

async fn ends(status: &'static str, expected: (Code, &str)) {
    let client = UserServiceClient::new(Channel::local(HeadersOnly(status)));
    let unary = client.get_user(request("7")).await.unwrap_err();
    assert_eq!((unary.code(), unary.message()), expected);
    let stream = async { client.list_users(request("7")).await?.into_inner().message().await };
    let stream = stream.await.unwrap_err();
    assert_eq!((stream.code(), stream.message()), expected);
}

#[tokio::test]
async fn an_error_in_the_headers_is_that_of_the_call_where_the_body_breaks_off() {
    ends("5", (Code::NotFound, "said")).await;
    ends("0", (Code::Unknown, "malformed response")).await;
}

#[tokio::test]
async fn a_call_on_another_thread_panics() {
    let client =
        UserServiceClient::new(Channel::local(Counting(Rc::default(), UserServiceServer::new(Users::new().0))));
    let call = client.get_user(request("7"));
    let elsewhere = thread::spawn(move || {
        let mut call = call.into_future();
        let polled = catch_unwind(AssertUnwindSafe(|| {
            let _ = call.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop()));
        }));
        std::mem::forget(call);
        polled.is_err()
    });
    assert!(elsewhere.join().unwrap());
}
