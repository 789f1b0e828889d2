//! Prints the details of an error of the server at the address it is given, then serves such an error, and prints its own address; for
//! `.ci/grpcio`.

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../tests/proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use std::env;
use std::error::Error;
use std::time::Duration;

use rgrpc::error_details::{BadRequest, QuotaFailure, RetryInfo, StatusExt};
use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::{Channel, Code, Request, Response, Status};

use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_server::{UserService, UserServiceServer};
use user_v1::{GetUserRequest, User};

struct Refusing(UserServiceClient);

impl UserService for Refusing {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        if request.get_ref().user_id == "pass on" {
            return self.0.get_user(request.into_inner()).await;
        }
        Err(Status::with_error_details_vec(
            Code::ResourceExhausted,
            "not now: 50 % \u{e9}",
            [
                BadRequest::with_violation("email", "is empty").into(),
                QuotaFailure::with_violation("user:7", "100 calls a minute").into(),
                RetryInfo::new(Some(Duration::from_millis(1500))).into(),
            ],
        ))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let peer = env::args().nth(1).ok_or("the address of a server")?;
    let client = UserServiceClient::new(Channel::connect(peer).await?);
    let Err(status) = client.get_user(GetUserRequest::default()).await else { return Err("no error".into()) };
    let bad = status.get_details_bad_request().ok_or("no bad request")?;
    let quota = status.get_details_quota_failure().ok_or("no quota failure")?;
    let retry = status.get_details_retry_info().ok_or("no retry info")?;
    let (violation, quota) = (&bad.field_violations[0], &quota.violations[0]);
    println!(
        "{}|{}|{} {}|{} {}|{:?}",
        status.code() as i32,
        status.message(),
        violation.field,
        violation.description,
        quota.subject,
        quota.description,
        retry.retry_delay.unwrap_or_default(),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let server = UserServiceServer::new(Refusing(client));
    Server::builder().add_service(server).serve_with_incoming(TcpIncoming::from(listener)).await?;
    Ok(())
}
