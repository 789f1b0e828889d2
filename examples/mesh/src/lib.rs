//! A channel whose servers, routes and balancing a control plane decides, by tonic-xds; the stubs over it are those of any channel.

use std::error::Error;

use rgrpc::Channel;
use tonic_xds::{BootstrapConfig, XdsChannelBuilder, XdsChannelConfig, XdsUri};

/// The messages, clients and servers of the `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}

/// A channel to `target`, `xds:///` and a name that the control plane knows. `bootstrap` says where that is, in the JSON of gRFC A27; in
/// production it is the file that `GRPC_XDS_BOOTSTRAP` names.
///
/// Below the channel tonic-xds routes and balances, above it all is rgrpc's: interceptors, deadlines, retries by a service config.
///
/// ```
/// use mesh::proto::greeting::v1::{GreetRequest, greeter_client::GreeterClient};
/// use std::time::Duration;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let bootstrap = r#"{
///     "xds_servers": [{ "server_uri": "xds.example.com:443", "channel_creds": [{ "type": "tls" }] }],
///     "node": { "id": "checkout-7f9c" }
/// }"#;
/// let channel = mesh::channel("xds:///greeting.prod", bootstrap)?.timeout(Duration::from_secs(5));
/// let greeting = GreeterClient::new(channel).greet(GreetRequest { name: "Ada".into() }).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// If the name or the bootstrap cannot be read.
///
/// # Panics
///
/// Outside of a tokio runtime.
pub fn channel(target: &str, bootstrap: &str) -> Result<Channel, Box<dyn Error + Send + Sync>> {
    let config = XdsChannelConfig::new(XdsUri::parse(target)?).with_bootstrap(BootstrapConfig::from_json(bootstrap)?);
    Ok(Channel::new(XdsChannelBuilder::new(config).build_grpc_channel()?))
}
