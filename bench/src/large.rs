//! Measures large unary calls over HTTP/2 on 127.0.0.1: messages of 1, 4 and 16 MB as the request, the response and both, with rgrpc's stubs
//! over its own transports and with tonic's over its own.
//!
//! Each server has a process of its own, as in production. How often an allocator returns the memory of large buffers to the system depends
//! on how many of them a process has at once.

use std::error::Error;
use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use std::{env, future};

use bench::echo::Resize;
use bench::proto::bench::v1::Blob;
use bench::proto::bench::v1::resize_client::ResizeClient as RgrpcClient;
use bench::proto::bench::v1::resize_server::ResizeServer as RgrpcServer;
use bench::tonic_stubs::resize_client::ResizeClient as TonicClient;
use bench::tonic_stubs::resize_server::ResizeServer as TonicServer;
use clap::ValueEnum;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Response, Status};

use crate::compare::{Goal, Row, alternate};
use crate::report;

const MB: usize = 1_000_000;

/// The limit of a message, in bytes.
const LIMIT: usize = 64 << 20;

/// How many bytes are sent, in all calls together, between two readings of the clock.
const BYTES: usize = 256 * MB;

pub(crate) fn run(rounds: usize) -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let (our_server, tonics_server) = (ServerProcess::start("rgrpc")?, ServerProcess::start("tonic")?);
    let ours = rgrpc::Channel::connect(our_server.uri.clone());
    let ours = runtime.block_on(ours.into_future())?;
    let ours = RgrpcClient::new(ours.max_decoding_message_size(LIMIT));
    let tonic = runtime.block_on(Endpoint::try_from(tonics_server.uri.clone())?.connect())?;
    let tonic = TonicClient::new(tonic).max_decoding_message_size(LIMIT);
    let mut rows = Vec::new();
    for megabytes in [1, 4, 16] {
        let len = megabytes * MB;
        for (what, request, response) in [("request", len, 0), ("response", 0, len), ("both", len, len)] {
            for in_flight in [1, 4] {
                let work = Work { request, response, in_flight };
                let ours = || [work.calls_per_second(&runtime, &ours)];
                let [figures] = alternate(rounds, ours, || [work.calls_per_second(&runtime, &tonic)]);
                let what = format!("{what} of {megabytes} MB, {in_flight} in flight");
                rows.push(Row { what, unit: "calls/s", goal: Goal::AtLeast(1.0), figures });
            }
        }
    }
    Ok(report::write("large", &[("tonic", &rows)])?)
}

/// Whose server a process runs.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Side {
    Rgrpc,
    Tonic,
}

/// Serves on a free port of 127.0.0.1, and prints the URI, until the process is killed.
pub(crate) fn serve(side: Side) -> Result<(), Box<dyn Error>> {
    Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        match side {
            Side::Rgrpc => {
                let service = RgrpcServer::new(Resize).max_decoding_message_size(LIMIT);
                rgrpc::serve(listener).service(service).until(future::pending()).await?;
            }
            Side::Tonic => {
                let service = TonicServer::new(Resize).max_decoding_message_size(LIMIT);
                let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
                Server::builder().add_service(service).serve_with_incoming(incoming).await?;
            }
        }
        Ok(())
    })
}

/// This program, as the server of one side; killed when dropped.
struct ServerProcess {
    child: Child,
    uri: String,
}

impl ServerProcess {
    fn start(side: &str) -> io::Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        let mut child = command.args(["large-server", side]).stdout(Stdio::piped()).spawn()?;
        let mut uri = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut uri)?;
        }
        Ok(Self { child, uri: uri.trim().to_owned() })
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that sends a message, and reads the reply.
trait Call: Clone + Send + 'static {
    fn call(&mut self, request: Blob) -> impl Future<Output = Result<Response<Blob>, Status>> + Send;
}

impl Call for RgrpcClient {
    async fn call(&mut self, request: Blob) -> Result<Response<Blob>, Status> {
        self.resize(request).await
    }
}

impl Call for TonicClient<Channel> {
    async fn call(&mut self, request: Blob) -> Result<Response<Blob>, Status> {
        self.resize(request).await
    }
}

/// Calls of one kind, with the sizes of their payloads in bytes.
struct Work {
    request: usize,
    response: usize,
    in_flight: usize,
}

impl Work {
    #[allow(clippy::cast_precision_loss)]
    fn calls_per_second(&self, runtime: &Runtime, client: &impl Call) -> f64 {
        let each = (BYTES / (self.request + self.response) / self.in_flight).max(2);
        let start = Instant::now();
        runtime.block_on(async {
            let tasks: JoinSet<_> = (0..self.in_flight).map(|_| self.in_turn(client.clone(), each)).collect();
            tasks.join_all().await
        });
        (each * self.in_flight) as f64 / start.elapsed().as_secs_f64()
    }

    /// Makes calls one after another. Each request is a new one, as a caller's would be.
    fn in_turn<C: Call>(&self, mut client: C, calls: usize) -> impl Future<Output = ()> + Send + 'static {
        let &Self { request, response, .. } = self;
        async move {
            for _ in 0..calls {
                let count = u32::try_from(response).unwrap_or(u32::MAX);
                let message = Blob { id: "7".into(), count, payload: vec![b'x'; request] };
                let reply = client.call(message).await.expect("the server is up").into_inner();
                assert_eq!(reply.payload.len(), response, "the reply has the size that was asked for");
            }
        }
    }
}
