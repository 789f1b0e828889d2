//! The setting that serves browsers, by gRPC-Web.

use super::Serve;
use crate::web::{self, Cors};

impl Serve {
    /// Serves browsers too, by gRPC-Web over HTTP/1.1 and HTTP/2, to pages of the origins that `cors` allows. See [`web`](crate::web).
    ///
    /// gRPC itself still needs HTTP/2; other requests over HTTP/1.1 get an HTTP error. [Layers](Serve::layer) are inside, and see gRPC calls.
    ///
    /// ```no_run
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::user_service_server::{UserService, UserServiceServer};
    /// use rgrpc::web::Cors;
    ///
    /// # async fn example(users: impl UserService) -> Result<(), Box<dyn std::error::Error>> {
    /// let cors = Cors::origins(["https://app.example"])?;
    /// rgrpc::serve("[::]:50051").service(UserServiceServer::new(users)).web(cors).until_signal().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn web(mut self, cors: Cors) -> Self {
        self.web = Some(web::layer(cors));
        self
    }
}
