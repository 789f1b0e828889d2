//! Runs three servers and their clients, imitates the failures of production, and exports metrics for Prometheus.
//!
//! Usage: `observed [<address of /metrics> [<seconds>]]`

mod certificates;
mod load;
mod orders;
mod recorder;
mod servers;

use std::error::Error;
use std::time::Duration;

use tokio::time::sleep;

use certificates::Certificates;
use servers::Servers;

mod proto {
    #![allow(missing_docs, clippy::pedantic)]
    rgrpc::include_protos!();
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:9464".to_owned()).parse()?;
    let seconds = arguments.next().map_or(Ok(u64::MAX), |seconds| seconds.parse())?;
    let address = recorder::install(address)?;
    let certificates = Certificates::new()?;
    let servers = Servers::start(&certificates).await?;
    println!("serving orders on {}; metrics on http://{address}/metrics", servers.addresses().join(", "));
    let callers = load::start(&servers.addresses(), certificates.authority())?;
    tokio::select! {
        () = sleep(Duration::from_secs(seconds)) => {}
        outcome = servers.keep_changing(&certificates) => outcome?,
        Some(ended) = callers.ended() => ended?,
    }
    Ok(())
}
