//! A channel whose servers, routes and load balancing are configured by a control plane, over tonic-xds.

use std::error::Error;

use rgrpc::Channel;
use tonic_xds::{BootstrapConfig, XdsChannelBuilder, XdsChannelConfig, XdsUri};

/// The messages, clients and servers of the `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}

/// Returns a channel to `target`, which is `xds:///` followed by a name that the control plane knows.
///
/// `bootstrap` names the control plane, in the JSON format of gRFC A27. In production, it is the contents of the file that
/// `GRPC_XDS_BOOTSTRAP` names. tonic-xds routes and balances calls; interceptors, deadlines and retries are those of any channel.
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
/// Returns an error if `target` or `bootstrap` is invalid.
///
/// # Panics
///
/// Panics outside of a tokio runtime.
pub fn channel(target: &str, bootstrap: &str) -> Result<Channel, Box<dyn Error + Send + Sync>> {
    let config = XdsChannelConfig::new(XdsUri::parse(target)?).with_bootstrap(BootstrapConfig::from_json(bootstrap)?);
    Ok(Channel::new(XdsChannelBuilder::new(config).build_grpc_channel()?))
}
