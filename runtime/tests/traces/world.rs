//! A service that logs and calls the next one, and a recording subscriber.

use std::pin::Pin;

use opentelemetry::trace::{SpanId, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use rgrpc::tonic::transport;
use rgrpc::{Channel, Request, Response, ServerStream, Status, Streaming, traces};
use tokio_stream::{Stream, StreamExt};
use tracing::Instrument;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;

use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::user_v1::user_service_server::{UserService, UserServiceServer};
use crate::support::user_v1::{GetUserRequest, User};
use crate::support::{self, serve, user};

/// The text that is in every message, and must be in no span.
pub const PAYLOAD: &str = "payload-of-a-message";

/// Records the spans of this thread.
pub struct Recorder {
    exporter: InMemorySpanExporter,
    provider: SdkTracerProvider,
    _guard: DefaultGuard,
}

impl Recorder {
    pub fn start() -> Self {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
        let ours = filter_fn(|metadata| {
            ["rgrpc", "traces"].iter().any(|target| metadata.target().starts_with(target))
                && *metadata.level() <= tracing::Level::INFO
        });
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer.with_filter(ours)));
        Self { exporter, provider, _guard: guard }
    }

    /// The `count` spans that there are in the end, parents first.
    pub async fn spans(&self, count: usize) -> Vec<SpanData> {
        for _ in 0..1000 {
            if self.exporter.get_finished_spans().unwrap().len() >= count {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        self.provider.force_flush().unwrap();
        let spans = self.exporter.get_finished_spans().unwrap();
        assert_eq!(spans.len(), count, "{:#?}", spans.iter().map(line).collect::<Vec<_>>());
        self.exporter.reset();
        sorted(&spans, SpanId::INVALID)
    }
}

/// Those without a parent among them, each with those below it, in the order in which they began.
fn sorted(spans: &[SpanData], parent: SpanId) -> Vec<SpanData> {
    let is_below = |span: &&SpanData| {
        let known = spans.iter().any(|other| other.span_context.span_id() == span.parent_span_id);
        if parent == SpanId::INVALID { !known } else { span.parent_span_id == parent }
    };
    let mut children: Vec<_> = spans.iter().filter(is_below).cloned().collect();
    children.sort_by_key(|span| span.start_time);
    children
        .into_iter()
        .flat_map(|span| {
            let below = sorted(spans, span.span_context.span_id());
            [span].into_iter().chain(below)
        })
        .collect()
}

/// `server user.v1.UserService/GetUser NOT_FOUND error=..`
pub fn line(span: &SpanData) -> String {
    let kind = format!("{:?}", span.span_kind).to_lowercase();
    let status = match &span.status {
        opentelemetry::trace::Status::Error { description } => format!(" error={description:?}"),
        _ => String::new(),
    };
    format!("{kind} {} {}{status}", span.name, attribute(span, "rpc.response.status_code").unwrap_or_default())
}

/// The tree of `spans`, a line for each, indented below its parent.
pub fn tree(spans: &[SpanData]) -> Vec<String> {
    let depth = |span: &SpanData| {
        std::iter::successors(Some(span), |span| {
            spans.iter().find(|parent| parent.span_context.span_id() == span.parent_span_id)
        })
        .count()
            - 1
    };
    spans.iter().map(|span| format!("{}{}", "  ".repeat(depth(span)), line(span))).collect()
}

pub fn attribute(span: &SpanData, key: &str) -> Option<String> {
    span.attributes.iter().find(|attribute| attribute.key.as_str() == key).map(|attribute| attribute.value.to_string())
}

/// The texts of the lines that were logged in a span.
pub fn lines(span: &SpanData) -> Vec<&str> {
    span.events.iter().map(|event| &*event.name).collect()
}

/// Answers by the id it is asked for; calls the next service, if there is one.
pub struct Hop(pub Option<UserServiceClient>);

type Users = Pin<Box<dyn Stream<Item = Result<User, Status>> + Send>>;

impl UserService for Hop {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        tracing::info!("in the handler");
        let metadata = request.metadata();
        let text = |key| metadata.get(key).map_or("", |value| value.to_str().unwrap()).to_owned();
        let carried = format!("{}|{}", text("traceparent"), text("tracestate"));
        let request = request.into_inner();
        match (&self.0, &*request.user_id) {
            (Some(next), "spawned") => {
                let next = next.clone();
                let task = async move { next.get_user(request).await };
                tokio::spawn(task.in_current_span()).await.unwrap()
            }
            (Some(next), "scoped") => {
                let next = next.clone();
                let task = async move { next.get_user(support::request("carried")).await };
                let context = traces::TraceContext::current().unwrap();
                tokio::spawn(context.scope(task)).await.unwrap()
            }
            (Some(next), _) => next.get_user(request).await,
            (None, "") => Err(Status::not_found("no such user")),
            (None, "broken") => Err(Status::internal("broken")),
            (None, "panic") => panic!("a handler's"),
            (None, "hang") => std::future::pending().await,
            (None, "carried") => Ok(Response::new(user(&carried, 0))),
            (None, _) => Ok(Response::new(user(PAYLOAD, 0))),
        }
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        tracing::info!("in the handler");
        let request = request.into_inner();
        let users: Users = match (self.0.clone(), &*request.user_id) {
            (_, "endless") => Box::pin(tokio_stream::iter(0..).map(|n| Ok(user(PAYLOAD, n)))),
            (_, "fail") => Box::pin(tokio_stream::iter([Ok(user(PAYLOAD, 0)), Err(Status::data_loss("gone"))])),
            (Some(next), _) => Box::pin(tokio_stream::iter(0..2).then(move |n| {
                let (next, request) = (next.clone(), request.clone());
                async move {
                    tracing::info!("in the stream");
                    next.get_user(request).await.map(|user| User { n, ..user.into_inner() })
                }
            })),
            (None, _) => Box::pin(tokio_stream::iter(0..2).map(|n| {
                tracing::info!("in the stream");
                Ok(user(PAYLOAD, n))
            })),
        };
        Ok(Response::new(users))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let mut users = request.into_inner();
        while users.message().await?.is_some() {
            tracing::info!("in the handler");
        }
        Ok(Response::new(user(PAYLOAD, 0)))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(request.into_inner().map(|user| {
            tracing::info!("in the stream");
            user
        })))
    }
}

/// A traced server of `hop`.
pub fn traced(hop: Hop) -> UserServiceServer<Hop> {
    UserServiceServer::new(hop).intercept(traces::server())
}

/// A client of `channel` that is traced.
pub fn client(channel: Channel) -> UserServiceClient {
    UserServiceClient::new(channel.intercept(traces::client()))
}

/// Traced clients of a traced server, in process and over a socket.
pub async fn both(hop: impl Fn() -> Hop) -> [UserServiceClient; 2] {
    let address = serve(transport::Server::builder().add_service(traced(hop()))).await;
    [client(Channel::new(traced(hop()))), client(Channel::connect(address).await.unwrap())]
}

/// Makes a call of each kind, to its end.
pub async fn call_each_kind(client: &UserServiceClient) {
    let uploads = || tokio_stream::iter([user(PAYLOAD, 1), user(PAYLOAD, 2)]);
    client.get_user(support::request(PAYLOAD)).await.unwrap();
    read(client.list_users(support::request(PAYLOAD)).await).await.unwrap();
    client.create_users(uploads()).await.unwrap();
    read(client.chat(uploads()).await).await.unwrap();
}

pub async fn read(responses: Result<Response<Streaming<User>>, Status>) -> Result<(), Status> {
    let mut responses = responses?.into_inner();
    while responses.message().await?.is_some() {}
    Ok(())
}
