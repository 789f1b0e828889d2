//! Typed details of a status, from handler to caller, for all four kinds, over a socket and in process.
#![cfg(all(feature = "transport", feature = "error-details"))]

mod support;

use std::time::Duration;

use rgrpc::error_details::{
    BadRequest, ErrorDetail, FieldViolation, MessageDetails, QuotaFailure, RetryInfo, StatusExt,
};
use rgrpc::prost::{self, Name};
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status, Streaming};

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::user_v1::{GetUserRequest, User};
use support::{loopback, request, user};

/// A message of the service's own.
#[derive(Clone, PartialEq, prost::Message)]
struct Owner {
    #[prost(string, tag = "1")]
    name: String,
}

impl Name for Owner {
    const NAME: &str = "Owner";
    const PACKAGE: &str = "user.v1";
}

/// Of the same form, with a name of its own and a host.
#[derive(Clone, PartialEq, prost::Message)]
struct Other {
    #[prost(string, tag = "1")]
    name: String,
}

impl Name for Other {
    const NAME: &str = "Other";
    const PACKAGE: &str = "user.v1";

    fn type_url() -> String {
        "types.example.com/user.v1.Other".into()
    }
}

fn refused() -> Status {
    let details: [ErrorDetail; 3] = [
        BadRequest::new([FieldViolation::new("email", "is empty"), FieldViolation::new("ag\u{e9}", "50 %")]).into(),
        QuotaFailure::with_violation("user:7", "100 calls a minute").into(),
        RetryInfo::new(Some(Duration::from_millis(1500))).into(),
    ];
    let mut status = Status::with_error_details_vec(Code::ResourceExhausted, "not now", details);
    status.metadata_mut().insert("a", "1".parse().unwrap());
    status.with_detail(&Owner { name: "Ada".into() }).with_detail(&Other { name: "Grace".into() })
}

#[track_caller]
fn check(status: &Status) {
    assert_eq!((status.code(), status.message()), (Code::ResourceExhausted, "not now"));
    assert_eq!(status.metadata().get("a").unwrap(), "1");
    let violations = status.get_details_bad_request().unwrap().field_violations;
    let violations: Vec<_> = violations.iter().map(|violation| (&*violation.field, &*violation.description)).collect();
    assert_eq!(violations, [("email", "is empty"), ("ag\u{e9}", "50 %")]);
    assert_eq!(status.get_details_quota_failure().unwrap().violations[0].subject, "user:7");
    assert_eq!(status.get_details_retry_info().unwrap().retry_delay, Some(Duration::from_millis(1500)));
    assert!(status.get_details_help().is_none());
    assert_eq!(status.detail(), Some(Owner { name: "Ada".into() }));
    assert_eq!(status.detail(), Some(Other { name: "Grace".into() }));
}

struct Refusing;

impl UserService for Refusing {
    async fn get_user(&self, _: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        Err(refused())
    }

    async fn list_users(&self, _: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(tokio_stream::iter([Ok(user("a", 1)), Err(refused())])))
    }

    async fn create_users(&self, _: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        Err(refused())
    }

    async fn chat(&self, _: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        Err::<Response<Streaming<User>>, _>(refused())
    }
}

#[tokio::test]
async fn details_reach_the_caller_of_every_kind_of_method() {
    let server = UserServiceServer::new(Refusing);
    for channel in [loopback(server.clone()).await, Channel::new(server)] {
        let client = UserServiceClient::new(channel);
        check(&client.get_user(request("7")).await.unwrap_err());
        let mut users = client.list_users(request("7")).await.unwrap().into_inner();
        assert!(users.message().await.is_ok());
        check(&users.message().await.unwrap_err());
        check(&client.create_users(tokio_stream::empty()).await.unwrap_err());
        check(&client.chat(tokio_stream::empty()).await.unwrap_err());
    }
}

#[test]
fn a_status_without_details_has_none_and_gets_its_first() {
    let status = Status::not_found("no such user");
    assert_eq!(status.detail::<Owner>(), None);
    let status = status.with_detail(&Owner { name: "Ada".into() });
    assert_eq!((status.code(), status.message()), (Code::NotFound, "no such user"));
    assert_eq!(status.detail(), Some(Owner { name: "Ada".into() }));
    assert_eq!(status.detail::<Other>(), None);
}

#[test]
fn details_that_do_not_decode_are_none() {
    let garbage = Status::with_details(Code::Internal, "", vec![0xff; 7].into());
    assert_eq!(garbage.detail::<Owner>(), None);
    assert!(garbage.get_details_bad_request().is_none());
    assert_eq!(garbage.with_detail(&Owner::default()).detail(), Some(Owner::default()));
}
