//! Makes the calls of a case, whose instructions valgrind counts.

use std::error::Error;
use std::future::pending;

use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::{Channel, Request, Response, ServerStream, Status, metrics, otel, traces};
use tokio::runtime::Builder;

use crate::recorded;
use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::{UserService, UserServiceServer};
use crate::user_v1::{GetUserRequest, User};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

struct Users;

impl UserService for Users {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        Ok(Response::new(User { id: request.into_inner().user_id, n: 1 }))
    }

    async fn list_users(&self, _: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(tokio_stream::once(Ok(User { id: "7".into(), n: 1 }))))
    }
}

/// An interceptor that does nothing.
struct Pass;

impl Intercept for Pass {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        next.run(head).await
    }
}

/// Makes calls of a case one after another, all on one thread.
pub(crate) fn make(case: &str, calls: u32) -> Outcome {
    if case.ends_with("bare") {
        return recorded::bare(case, calls);
    }
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let client = client(case).await?;
        for _ in 0..calls {
            let request = GetUserRequest { user_id: "7".into() };
            if case.starts_with("a stream") {
                let mut users = client.list_users(request).await?.into_inner();
                while users.message().await?.is_some() {}
            } else {
                client.get_user(request).await?;
            }
        }
        Ok(())
    })
}

async fn client(case: &str) -> Outcome<UserServiceClient> {
    let server = UserServiceServer::new(Users);
    let channel = || Channel::new(UserServiceServer::new(Users));
    let channel = match case {
        "in process" | "a stream in process" => channel(),
        "1 on the client" => channel().intercept(Pass),
        "2 on the client" => channel().intercept(Pass).intercept(Pass),
        "1 on the server" => server.intercept(Pass).into(),
        "2 on the server" => server.intercept(Pass).intercept(Pass).into(),
        "metrics on the client" => channel().intercept(metrics::client()),
        "metrics on the server" => server.intercept(metrics::server()).into(),
        "traces on the client" => channel().intercept(traces::client()),
        "traces on the server" => server.intercept(traces::server()).into(),
        "both on the server" => server.intercept(metrics::server()).intercept(traces::server()).into(),
        "both on the client" => channel().intercept(metrics::client()).intercept(traces::client()),
        "traces on the server, a registry" => {
            recorded::spans()?;
            server.intercept(traces::server()).into()
        }
        "both on the server, a recorder and a registry" => {
            recorded::prometheus().and_then(|()| recorded::spans())?;
            server.intercept(metrics::server()).intercept(traces::server()).into()
        }
        "both on the client, a recorder and a registry" => {
            recorded::prometheus().and_then(|()| recorded::spans())?;
            channel().intercept(metrics::client()).intercept(traces::client())
        }
        "traces on the server, exported" => {
            recorded::exported()?;
            server.intercept(traces::server()).into()
        }
        "OpenTelemetry's metrics on the server" => server.intercept(otel::server(&recorded::meter())).into(),
        "OpenTelemetry's metrics on the client" => channel().intercept(otel::client(&recorded::meter())),
        "over HTTP/2" | "a stream over HTTP/2" => {
            let listening = rgrpc::serve("127.0.0.1:0").service(server).bind().await?;
            let target = listening.addresses()[0].to_string();
            tokio::spawn(listening.until(pending()));
            Channel::connect(format!("http://{target}")).lazy()?
        }
        _ => return Err(format!("no such case: {case}").into()),
    };
    Ok(UserServiceClient::new(channel))
}
