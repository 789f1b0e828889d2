//! The services and settings of a server, from which it starts.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tonic::server::NamedService;
use tower_layer::Layer;

use super::calls::ServerState;
use super::fair_share::Supply;
use super::limits::Limits;
use super::listening::Drain;
use super::routes::Routes;
use super::{Ended, Listen, Listening, ServeError};
use crate::intercept::{Chain, Intercept};
use crate::{HttpService, Transport};

/// The services and settings of a server; it comes from [`serve`](fn@super::serve).
///
/// ```no_run
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_server::{UserService, UserServiceServer};
/// use std::time::Duration;
///
/// # async fn example(users: impl UserService) -> Result<(), rgrpc::serve::ServeError> {
/// rgrpc::serve("[::]:50051")
///     .service(UserServiceServer::new(users))
///     .lame_duck(Duration::from_secs(5))
///     .drain(Duration::from_secs(20))
///     .until_signal()
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// # The end of a server
///
/// It is told to end by a signal or a future. Its health is then `NOT_SERVING`, which all that watch it hear. It goes on as before for
/// the [lame-duck time](Serve::lame_duck), which gives load balancers and name servers the time to notice. Then it refuses connections,
/// and has clients take their next calls elsewhere (GOAWAY). Calls under way may finish; calls of the health and reflection services
/// end now, with `UNAVAILABLE`. At the [deadline](Serve::drain), what still runs ends with `UNAVAILABLE`, and so does the server.
///
/// # Limits on clients
///
/// | limit | default | because |
/// |---|---|---|
/// | [calls at a time, of a connection](Serve::max_calls_per_connection) | 100 | the least that RFC 9113 recommends; a client has more by more connections |
/// | [calls at a time, of all connections](Serve::max_calls) | 20,000 | one that waits takes some 9 KB, and what its handler needs; of 40,000 on 400 connections, the server took 217 MB; a call of another connection that came amid them took 173 to 224 ms |
/// | [connections](Serve::max_connections) | 10,000 | an idle one costs some 20 KB; further clients are refused at once |
/// | [time to begin](Serve::handshake_timeout) | 10 s | TLS and the first bytes of HTTP/2 take two round trips |
/// | [keepalive](Serve::keepalive) | 60 s, 20 s | below the 60 s to 350 s after which load balancers forget a silent connection |
/// | [age of a connection](Serve::max_connection_age) | 1 h, give or take 10 % | clients find new servers, and show new certificates |
/// | [time to finish at that age](Serve::max_connection_age_grace) | no limit | no call is ended unless you ask for it |
/// | [headers of a call](Serve::max_header_list_size) | 16 KiB | as in gRPC's other servers |
/// | [responses that nobody reads](Serve::max_unread_responses) | 64 MiB | a client that reads nothing, or only as long as more arrives, holds a message of each of its calls; with 4,000 of these on 400 connections, the server took 82 MB |
/// | time between the calls of a browser's HTTP/1.1, and within the headers of one | 60 s, as keepalive | it answers no ping |
/// | silence of a TCP connection | 60 s, then 20 s between probes of the system | one of HTTP/1.1 whose client vanished would never go away |
/// | a message that is received | 4 MiB | gRPC's default; each service has a `max_decoding_message_size` |
///
/// # tonic's server
///
/// [`tonic::transport::Server`] serves the same services. It has no limit on connections, on the calls of each, or on the time that a
/// client takes to begin; its graceful shutdown waits without a limit for an open stream or health watch; and it is slower.
#[must_use = "`until_signal` or `until` serves"]
pub struct Serve {
    listen: Vec<Listen>,
    routes: Routes,
    interceptors: Chain,
    layers: Vec<Box<dyn FnOnce(Transport) -> Transport + Send>>,
    limits: Limits,
    drain: Drain,
    #[cfg(feature = "health")]
    health: Option<crate::health::HealthReporter>,
    #[cfg(feature = "_tls")]
    pub(super) tls: Option<crate::tls::ServerTls>,
    #[cfg(feature = "web")]
    pub(super) web: Option<crate::web::WebLayer>,
    /// The first of what cannot be served.
    problem: Option<ServeError>,
}

impl Serve {
    pub(super) fn new(address: Listen) -> Self {
        Self {
            listen: vec![address],
            routes: Routes::default(),
            interceptors: Chain::new(),
            layers: Vec::new(),
            limits: Limits::default(),
            drain: Drain::default(),
            #[cfg(feature = "health")]
            health: None,
            #[cfg(feature = "_tls")]
            tls: None,
            #[cfg(feature = "web")]
            web: None,
            problem: None,
        }
    }

    /// Listens at one more address.
    pub fn listen(mut self, address: impl Into<Listen>) -> Self {
        self.listen.push(address.into());
        self
    }

    /// Serves a generated service of this crate's or of tonic's.
    pub fn service<S: HttpService + NamedService>(self, service: S) -> Self {
        self.route(S::NAME, Transport::new(service))
    }

    fn route(mut self, name: &'static str, service: Transport) -> Self {
        if self.routes.add(name, service) {
            self
        } else {
            self.but(ServeError::new(format!("the service `{name}` was added twice; remove one")))
        }
    }

    /// This server, which will fail to start.
    fn but(mut self, problem: ServeError) -> Self {
        self.problem.get_or_insert(problem);
        self
    }

    /// Serves the health of the server and of each service: `SERVING` until it drains.
    ///
    /// Source: [gRPC health checking](https://github.com/grpc/grpc/blob/master/doc/health-checking.md).
    #[cfg(feature = "health")]
    pub fn health(self) -> Self {
        self.health_by(crate::health::HealthReporter::new())
    }

    /// As [`Serve::health`], where `reporter` may say otherwise at any time. When the server drains, nothing serves any more.
    ///
    /// ```no_run
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::{user_service_methods::SERVICE, user_service_server::{UserService, UserServiceServer}};
    /// use rgrpc::health::{HealthReporter, ServingStatus};
    ///
    /// # async fn example(users: impl UserService) -> Result<(), rgrpc::serve::ServeError> {
    /// let health = HealthReporter::new();
    /// health.set_service_status(SERVICE.name(), ServingStatus::NotServing).await;
    /// let server = rgrpc::serve("[::]:50051").service(UserServiceServer::new(users)).health_by(health.clone());
    /// // Once the database is there:
    /// health.set_service_status(SERVICE.name(), ServingStatus::Serving).await;
    /// # drop(server);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "health")]
    pub fn health_by(self, reporter: crate::health::HealthReporter) -> Self {
        let mut this = self.service(super::health::service(reporter.clone()));
        this.health = Some(reporter);
        this
    }

    /// Tells clients what the services are, from the `FILE_DESCRIPTOR_SET`s of the generated code, under both names of the reflection
    /// service.
    ///
    /// Source: [gRPC server reflection](https://github.com/grpc/grpc/blob/master/doc/server-reflection.md).
    #[cfg(feature = "reflection")]
    pub fn reflection(self, descriptor_sets: &[&[u8]]) -> Self {
        let unreadable =
            |error| ServeError::because("a descriptor set for the reflection service is unreadable", error);
        match (crate::reflection::v1(descriptor_sets), crate::reflection::v1alpha(descriptor_sets)) {
            (Ok(v1), Ok(v1alpha)) => self.service(v1).service(v1alpha),
            (Err(error), _) | (_, Err(error)) => self.but(unreadable(error)),
        }
    }

    /// Runs `interceptor` around every call, also those of services that the server does not have, outside of a service's own, inside of
    /// those that were added before.
    ///
    /// Health and reflection are services too: an interceptor that asks who calls has to let probes in by their path. Of services that tonic
    /// generated it sees what passes as HTTP, as [`intercept::layer`](crate::intercept::layer) says. See [`intercept`](crate::intercept)
    /// for the order.
    ///
    /// ```
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::user_service_server::{UserService, UserServiceServer};
    /// use rgrpc::{Status, intercept::{Head, Next, from_fn}};
    ///
    /// # fn example(users: impl UserService) {
    /// let authorize = from_fn(async |head: Head, next: Next| match head.metadata.get("authorization") {
    ///     _ if head.path().starts_with("/grpc.health.v1.Health/") => next.run(head).await,
    ///     Some(_) => next.run(head).await,
    ///     None => Err(Status::unauthenticated("no token")),
    /// });
    /// let server = rgrpc::serve("[::]:50051").service(UserServiceServer::new(users)).intercept(authorize);
    /// # drop(server);
    /// # }
    /// ```
    pub fn intercept(mut self, interceptor: impl Intercept) -> Self {
        self.interceptors = self.interceptors.with(interceptor);
        self
    }

    /// Wraps all services in a tower layer, which sees every call as an HTTP request, also those of unknown services.
    ///
    /// The layer added last is the outermost.
    pub fn layer(mut self, layer: impl Layer<Transport, Service: HttpService> + Send + 'static) -> Self {
        self.layers.push(Box::new(move |inner| Transport::new(layer.layer(inner))));
        self
    }

    /// Encrypts the connections of all addresses, but for those that are [plain](Listen::plain).
    #[cfg(feature = "_tls")]
    pub fn tls(self, tls: crate::tls::ServerTls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// How long calls have to finish once the server refuses new ones. Default: 25 s, so that the server ends within Kubernetes' 30 s.
    ///
    /// At the end of it, calls that still run end with `UNAVAILABLE`, and have one second to tell their clients so.
    ///
    /// A client that has no calls, and no response left to read, must acknowledge the end of its connection within 5 s, so that one that has
    /// vanished does not hold up the server for longer.
    pub fn drain(mut self, deadline: Duration) -> Self {
        self.drain.deadline = deadline;
        self
    }

    /// How long the server goes on as before when it is told to end, while its health says `NOT_SERVING`. Default: none.
    ///
    /// In Kubernetes, some 5 s: until no proxy sends connections to the pod any more. The time for the drain comes after it.
    pub fn lame_duck(mut self, time: Duration) -> Self {
        self.drain.lame_duck = time;
        self
    }

    pub(super) fn limit(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// Starts to listen, so that its addresses are known and clients can connect.
    ///
    /// # Errors
    ///
    /// If it cannot listen at one of the addresses, two services have the same name, or a descriptor set, certificate or key cannot be used.
    pub async fn bind(self) -> Result<Listening, ServeError> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        #[cfg(feature = "_tls")]
        let tls = self.acceptor()?;
        let (mut addresses, mut listeners) = (Vec::new(), Vec::new());
        for listen in self.listen {
            for listener in listen.open().await? {
                addresses.extend(listener.address);
                listeners.push(listener.connections);
            }
        }
        #[cfg(feature = "health")]
        let health = match self.health {
            Some(reporter) => Some(super::health::Reported::serving(reporter, self.routes.names().collect()).await),
            None => None,
        };
        let routes = self.routes.inside_of(&self.interceptors);
        let layered = (!self.layers.is_empty())
            .then(|| self.layers.into_iter().fold(Transport::new(routes.clone()), |inner, layer| layer(inner)));
        let shared = Arc::new(ServerState {
            routes,
            layered,
            limits: self.limits,
            calls: Supply::new(self.limits.calls),
            unread: Supply::new(self.limits.unread),
            #[cfg(feature = "_tls")]
            tls,
            #[cfg(feature = "web")]
            web: self.web,
        });
        Ok(Listening {
            addresses,
            listeners,
            shared,
            drain: self.drain,
            #[cfg(feature = "health")]
            health,
        })
    }

    /// [Listens](Serve::bind), and [serves until a signal](Listening::until_signal).
    ///
    /// # Errors
    ///
    /// As those two.
    pub async fn until_signal(self) -> Result<Ended, ServeError> {
        self.bind().await?.until_signal().await
    }

    /// [Listens](Serve::bind), and [serves until `shutdown`](Listening::until).
    ///
    /// # Errors
    ///
    /// As [`Serve::bind`].
    pub async fn until(self, shutdown: impl Future<Output = ()>) -> Result<Ended, ServeError> {
        Ok(self.bind().await?.until(shutdown).await)
    }
}

impl fmt::Debug for Serve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve").field("limits", &self.limits).field("drain", &self.drain).finish_non_exhaustive()
    }
}
