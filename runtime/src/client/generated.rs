//! The trait of generated clients.

use crate::{Channel, ServiceDescriptor};
#[cfg(feature = "channel")]
use crate::{Connect, Destination};

/// A generated client, for code that is generic over clients. A client converts from and into a [`Channel`].
///
/// ```no_run
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_client::UserServiceClient;
/// use rgrpc::{Channel, Client};
/// use std::time::Duration;
///
/// # async fn example() -> Result<(), rgrpc::ConnectError> {
/// let users = UserServiceClient::connect("http://[::1]:50051").await?;
///
/// let patient = UserServiceClient::new(Channel::from(users).timeout(Duration::from_secs(60)));
/// # Ok(())
/// # }
/// ```
pub trait Client: From<Channel> + Into<Channel> + Clone + Send + Sync + 'static {
    /// The descriptor of its service.
    const SERVICE: &'static ServiceDescriptor;

    /// Connects to one server and makes a client of the channel, when awaited; otherwise as [`Channel::connect`].
    ///
    /// # Errors
    ///
    /// As [`Channel::connect`].
    #[cfg(feature = "channel")]
    fn connect(destination: impl Into<Destination>) -> Connect<Self> {
        Connect::new(destination)
    }
}
