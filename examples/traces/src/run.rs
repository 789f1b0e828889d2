//! Starts the collector and the services, makes a call, stops the services, and returns the spans and logs.

use std::future::pending;
use std::path::Path;
use std::process::Stdio;

use rgrpc::{Channel, serve};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc::unbounded_channel;

use crate::collector::Collector;
use crate::proto::opentelemetry::proto::collector::trace::v1::trace_service_server::TraceServiceServer;
use crate::proto::opentelemetry::proto::trace::v1::ResourceSpans;
use crate::proto::shop::v1::BuyRequest;
use crate::proto::shop::v1::shop_client::ShopClient;
use crate::{Error, tree};

/// The records of a call.
#[derive(Debug)]
pub struct Traced {
    /// The spans, as the collector received them.
    pub spans: Vec<ResourceSpans>,
    /// The tree of the spans: one line per span, with its service, kind, name and status.
    pub tree: String,
    /// The logs of the services, one JSON object per line.
    pub logs: String,
    /// The steps in the response of the call.
    pub steps: Vec<String>,
}

/// Buys a book from a shop whose services run as processes of `program`.
///
/// # Errors
///
/// Returns an error if a process does not start, or the call fails.
pub async fn trace(program: &Path) -> Result<Traced, Error> {
    let (sender, mut received) = unbounded_channel();
    let listening = serve("127.0.0.1:0").service(TraceServiceServer::new(Collector(sender))).bind().await?;
    let collector = format!("http://{}", listening.addresses()[0]);
    let collecting = tokio::spawn(listening.until(pending()));

    let stock = Process::start(program, &["stock", &collector]).await?;
    let orders = Process::start(program, &["orders", &collector, &stock.address]).await?;
    let shop = Process::start(program, &["shop", &collector, &orders.address]).await?;
    let client = ShopClient::new(Channel::connect(format!("http://{}", shop.address)).await?);
    let wanted = BuyRequest { title: "Middlemarch".into(), card: "4242 4242 4242 4242".into() };
    let steps = client.buy(wanted).await?.into_inner().steps;
    drop(client);

    let mut logs = String::new();
    for process in [shop, orders, stock] {
        logs += &process.end().await?;
    }
    collecting.abort();
    let mut spans = Vec::new();
    while let Ok(more) = received.try_recv() {
        spans.extend(more);
    }
    Ok(Traced { tree: tree::write(&spans), spans, logs, steps })
}

/// A service, which runs until its standard input ends.
struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
    address: String,
}

impl Process {
    async fn start(program: &Path, arguments: &[&str]) -> Result<Self, Error> {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        output.read_line(&mut line).await?;
        let address = line.trim_end().strip_prefix("serving on ").ok_or_else(|| format!("{arguments:?}: {line}"))?;
        Ok(Self { address: address.to_owned(), child, output })
    }

    /// Stops the service, and returns its logs.
    async fn end(mut self) -> Result<String, Error> {
        drop(self.child.stdin.take());
        let mut logs = String::new();
        self.output.read_to_string(&mut logs).await?;
        match self.child.wait().await? {
            status if status.success() => Ok(logs),
            status => Err(format!("a service failed with {status}: {logs}").into()),
        }
    }
}
