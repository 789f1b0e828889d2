//! A server, and a browser that speaks HTTP/1.1 or HTTP/2 to it.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request as HttpRequest, Response as HttpResponse, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use rgrpc::error_details::{BadRequest, StatusExt};
use rgrpc::serve::Serve;
use rgrpc::web::Cors;
use rgrpc::{Code, Request, Response, ServerStream, Status, Streaming, Trailers};
use tokio::time::sleep;
use tokio_stream::{Stream, StreamExt};

use crate::user_v1::user_service_server::{UserService, UserServiceServer};
use crate::user_v1::{GetUserRequest, User};

pub use crate::running::{Network, Running};

pub const GET_USER: &str = "/user.v1.UserService/GetUser";
pub const LIST_USERS: &str = "/user.v1.UserService/ListUsers";
pub const BINARY: &str = "application/grpc-web+proto";
pub const TEXT: &str = "application/grpc-web-text";
pub const PAGE: &str = "https://app.example";

/// Runs what `configure` makes of a server of [`Users`], which pages of [`PAGE`] may call.
pub async fn run(configure: impl FnOnce(Serve) -> Serve) -> Running {
    let cors = Cors::origins([PAGE]).unwrap();
    run_alone(|server| configure(server.web(cors))).await
}

pub async fn run_alone(configure: impl FnOnce(Serve) -> Serve) -> Running {
    Running::start(|listen| configure(rgrpc::serve(listen).service(UserServiceServer::new(Users)))).await
}

impl Network {
    /// Makes a request on a connection of its own.
    pub async fn send(&self, version: Version, request: HttpRequest<Full<Bytes>>) -> HttpResponse<Incoming> {
        let io = TokioIo::new(self.dial().unwrap());
        match version {
            Version::Http1 => {
                let (mut requests, connection) = http1::handshake(io).await.unwrap();
                tokio::spawn(connection);
                requests.send_request(request).await.unwrap()
            }
            Version::Http2 => {
                let (mut requests, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
                tokio::spawn(connection);
                let (mut head, body) = request.into_parts();
                head.uri = format!("http://test{}", head.uri).parse().unwrap();
                requests.send_request(HttpRequest::from_parts(head, body)).await.unwrap()
            }
        }
    }

    /// Posts `body` as a page of [`PAGE`], and reads all of the response.
    pub async fn post(&self, version: Version, path: &str, content_type: &str, body: impl Into<Bytes>) -> Answered {
        let request = post(path, content_type).body(Full::new(body.into())).unwrap();
        Answered::read(self.send(version, request).await).await
    }
}

pub fn post(path: &str, content_type: &str) -> http::request::Builder {
    HttpRequest::post(path).header("host", "test").header("origin", PAGE).header("content-type", content_type)
}

#[derive(Debug, Clone, Copy)]
pub enum Version {
    Http1,
    Http2,
}

pub const BOTH: [Version; 2] = [Version::Http1, Version::Http2];

/// A response that was read to its end.
#[derive(Debug)]
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answered {
    pub async fn read(response: HttpResponse<Incoming>) -> Self {
        let (head, body) = response.into_parts();
        Self { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The messages of the body, and the trailers behind them, or those among the headers.
    pub fn parse(&self) -> (Vec<User>, Vec<String>) {
        parse(&self.body)
    }

    /// The code and the text of the call.
    pub fn outcome(&self) -> (Code, String) {
        let (_, trailers) = self.parse();
        let find = |name: &str| {
            let prefix = format!("{name}: ");
            let trailer = trailers.iter().find_map(|trailer| trailer.strip_prefix(&prefix));
            trailer.unwrap_or(self.header(name)).to_owned()
        };
        (Code::from_bytes(find("grpc-status").as_bytes()), find("grpc-message"))
    }
}

pub fn parse(mut body: &[u8]) -> (Vec<User>, Vec<String>) {
    let (mut users, mut trailers) = (Vec::new(), Vec::new());
    while let Some((head, rest)) = body.split_first_chunk::<5>() {
        let len = u32::from_be_bytes(head[1..].try_into().unwrap()) as usize;
        let (content, rest) = rest.split_at(len);
        match head[0] {
            0 => users.push(User::decode(content).unwrap()),
            0x80 => {
                let lines = std::str::from_utf8(content).unwrap().split_terminator("\r\n");
                trailers.extend(lines.map(str::to_owned));
                assert!(rest.is_empty(), "trailers are last");
            }
            flags => panic!("{flags}"),
        }
        body = rest;
    }
    assert!(body.is_empty(), "{body:?}");
    (users, trailers)
}

/// The frame of a request.
pub fn ask(what: &str) -> Vec<u8> {
    let message = GetUserRequest { user_id: what.into() }.encode_to_vec();
    [&[0][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), &message].concat()
}

pub struct Users;

type Messages = Pin<Box<dyn Stream<Item = Result<User, Status>> + Send>>;

impl UserService for Users {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let asked = request.metadata().get("asks").map(|asks| asks.to_str().unwrap_or_default().to_owned());
        match request.into_inner().user_id.as_str() {
            "slow" => sleep(Duration::from_secs(20)).await,
            "never" => std::future::pending().await,
            "wrong" => {
                let details = BadRequest::with_violation("user_id", "it is wrong");
                let mut status =
                    Status::with_error_details_vec(Code::InvalidArgument, "falsch: größer als 100 %", [details.into()]);
                status.metadata_mut().insert("hint", "other".parse().unwrap());
                return Err(status);
            }
            _ => {}
        }
        let mut response = Response::new(User { id: asked.unwrap_or_default(), n: 1 });
        response.metadata_mut().insert("served-by", "a".parse().unwrap());
        Trailers::of(response.extensions_mut()).update(|trailers| _ = trailers.insert("cost", 7.into()));
        Ok(response)
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let users = tokio_stream::iter(0..).map(|n| Ok(User { id: String::new(), n }));
        let users: Messages = match request.into_inner().user_id.as_str() {
            "slow" => Box::pin(users.throttle(Duration::from_secs(1))),
            "fails" => Box::pin(users.take(2).chain(tokio_stream::once(Err(Status::data_loss("gone"))))),
            _ => Box::pin(users.take(3)),
        };
        Ok(Response::new(users))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let mut users = request.into_inner();
        let mut n = 0;
        while users.message().await?.is_some() {
            n += 1;
        }
        Ok(Response::new(User { id: String::new(), n }))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}
