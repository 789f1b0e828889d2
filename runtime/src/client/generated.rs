//! The trait of every generated client, for code that takes any of them.

use crate::{Channel, ServiceDescriptor};
#[cfg(feature = "channel")]
use crate::{Connect, Destination};

/// A generated client: it comes from a [`Channel`], and turns back into one.
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
    /// The service whose calls it makes.
    const SERVICE: &'static ServiceDescriptor;

    /// Connects to one server, when awaited, as [`Channel::connect`] does.
    ///
    /// # Errors
    ///
    /// As [`Channel::connect`].
    #[cfg(feature = "channel")]
    fn connect(destination: impl Into<Destination>) -> Connect<Self> {
        Connect::new(destination)
    }
}
