//! A resolver that reads servers from a file with a Kubernetes `EndpointSlice`, which a sidecar or a mounted volume updates.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rgrpc::balance::{Endpoint, Resolution, Resolve};
use serde::Deserialize;
use tokio::fs;
use tokio::time::sleep;

/// The interval at which the file is checked.
const INTERVAL: Duration = Duration::from_secs(1);

/// The name of the gRPC port, for servers with several ports.
const PORT: &str = "grpc";

/// The fields of an `EndpointSlice` that matter here.
#[derive(Deserialize)]
struct EndpointSlice {
    #[serde(default)]
    ports: Vec<Port>,
    #[serde(default)]
    endpoints: Vec<Member>,
}

#[derive(Deserialize)]
struct Port {
    #[serde(default)]
    name: String,
    port: u16,
}

#[derive(Deserialize)]
struct Member {
    addresses: Vec<IpAddr>,
    #[serde(default)]
    conditions: Conditions,
}

#[derive(Default, Deserialize)]
struct Conditions {
    /// "A nil value should be interpreted as true."
    ready: Option<bool>,
}

/// Resolves to the ready servers of the `EndpointSlice` in a file.
///
/// ```
/// use resilience::slice::SliceFile;
/// use rgrpc::{Channel, ConnectError};
///
/// # fn example() -> Result<Channel, ConnectError> {
/// let channel = Channel::resolved_by(SliceFile::new("/run/endpoints/users.json"), "users.prod").channel()?;
/// # Ok(channel)
/// # }
/// ```
#[derive(Debug)]
pub struct SliceFile {
    path: PathBuf,
    /// The contents of the file when it was last read.
    text: Mutex<String>,
}

impl SliceFile {
    /// Reads the file at `path`, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), text: Mutex::default() }
    }
}

impl Resolve for SliceFile {
    async fn resolve(&self) -> Result<Resolution, Box<dyn Error + Send + Sync>> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", self.path.display());
        let text = fs::read_to_string(&self.path).await.map_err(|error| failed(&error))?;
        text.clone_into(&mut self.text.lock().unwrap_or_else(PoisonError::into_inner));
        let slice = serde_json::from_str(&text).map_err(|error| failed(&error))?;
        Ok(Resolution::new(servers(slice).map_err(|error| failed(&error))?))
    }

    /// Polls the file, because Kubernetes updates mounted volumes through a symbolic link, which watching the file would miss.
    async fn changed(&self) {
        loop {
            sleep(INTERVAL).await;
            if let Ok(text) = fs::read_to_string(&self.path).await
                && text != *self.text.lock().unwrap_or_else(PoisonError::into_inner)
            {
                return;
            }
        }
    }
}

fn servers(slice: EndpointSlice) -> Result<Vec<Endpoint>, &'static str> {
    let named = slice.ports.iter().find(|port| port.name == PORT);
    let port = named.or(slice.ports.first().filter(|_| slice.ports.len() == 1)).ok_or("no port named `grpc`")?.port;
    let ready = slice.endpoints.into_iter().filter(|member| member.conditions.ready.unwrap_or(true));
    // All addresses of a member belong to one server.
    Ok(ready.map(|member| Endpoint::new(member.addresses.into_iter().map(|ip| SocketAddr::new(ip, port)))).collect())
}
