//! Calls follow the configuration of a control plane, which is implemented with code that rgrpc generates.

use std::future::pending;
use std::time::Duration;

use mesh::proto::envoy::service::discovery::v3::aggregated_discovery_service_server::{
    AggregatedDiscoveryService, AggregatedDiscoveryServiceServer,
};
use mesh::proto::envoy::service::discovery::v3::cluster::DiscoveryType;
use mesh::proto::envoy::service::discovery::v3::{
    Address, ApiListener, Cluster, ClusterLoadAssignment, DiscoveryRequest, DiscoveryResponse, Endpoint,
    HttpConnectionManager, LbEndpoint, Listener, LocalityLbEndpoints, Route, RouteAction, RouteConfiguration,
    RouteMatch, SocketAddress, VirtualHost,
};
use mesh::proto::greeting::v1::greeter_client::GreeterClient;
use mesh::proto::greeting::v1::greeter_server::{Greeter, GreeterServer};
use mesh::proto::greeting::v1::{GreetRequest, GreetResponse};
use rgrpc::prost::Message;
use rgrpc::prost_types::Any;
use rgrpc::{Code, Request, Response, ServerStream, Status, Streaming};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;

const SERVICE: &str = "greeting.prod";
const CLUSTER: &str = "greeters";
const LISTENER: &str = "type.googleapis.com/envoy.config.listener.v3.Listener";
const MANAGER: &str =
    "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
const CLUSTERS: &str = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
const ENDPOINTS: &str = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

/// Routes every call of one service to these ports.
struct ControlPlane(watch::Receiver<Vec<u16>>);

impl AggregatedDiscoveryService for ControlPlane {
    async fn stream_aggregated_resources(
        &self,
        request: Request<Streaming<DiscoveryRequest>>,
    ) -> Result<Response<impl ServerStream<DiscoveryResponse>>, Status> {
        let (responses, stream) = mpsc::channel(1);
        tokio::spawn(configure(request.into_inner(), self.0.clone(), responses));
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

/// Sends each resource that a client requests for the first time, and then every change of the ports.
async fn configure(
    mut requests: Streaming<DiscoveryRequest>,
    mut ports: watch::Receiver<Vec<u16>>,
    responses: mpsc::Sender<Result<DiscoveryResponse, Status>>,
) -> Option<()> {
    for version in 1.. {
        let type_url = tokio::select! {
            requested = requested(&mut requests) => requested?,
            changed = ports.changed() => changed.ok().map(|()| ENDPOINTS.to_owned())?,
        };
        let resource = match type_url.as_str() {
            LISTENER => any(LISTENER, &listener()),
            CLUSTERS => any(CLUSTERS, &Cluster { name: CLUSTER.into(), r#type: DiscoveryType::Eds.into() }),
            _ => any(ENDPOINTS, &endpoints(&ports.borrow_and_update())),
        };
        let (version_info, nonce) = (version.to_string(), version.to_string());
        responses
            .send(Ok(DiscoveryResponse { version_info, nonce, resources: vec![resource], type_url }))
            .await
            .ok()?;
    }
    None
}

/// The type of the next resource of which the client has no version yet. Other requests are acknowledgments.
async fn requested(requests: &mut Streaming<DiscoveryRequest>) -> Option<String> {
    loop {
        let request = requests.message().await.ok()??;
        if request.version_info.is_empty() {
            return Some(request.type_url);
        }
    }
}

fn any(type_url: &str, message: &impl Message) -> Any {
    Any { type_url: type_url.into(), value: message.encode_to_vec() }
}

/// Routes every path of the service to the cluster.
fn listener() -> Listener {
    let route = Route {
        r#match: Some(RouteMatch { prefix: Some(String::new()) }),
        route: Some(RouteAction { cluster: CLUSTER.into() }),
    };
    let host = VirtualHost { name: SERVICE.into(), domains: vec!["*".into()], routes: vec![route] };
    let routes = RouteConfiguration { name: SERVICE.into(), virtual_hosts: vec![host] };
    let manager = any(MANAGER, &HttpConnectionManager { route_config: Some(routes) });
    Listener { name: SERVICE.into(), api_listener: Some(ApiListener { api_listener: Some(manager) }) }
}

fn endpoints(ports: &[u16]) -> ClusterLoadAssignment {
    let endpoint = |port: &u16| {
        let socket_address = Some(SocketAddress { address: "127.0.0.1".into(), port_value: (*port).into() });
        LbEndpoint { endpoint: Some(Endpoint { address: Some(Address { socket_address }) }) }
    };
    let lb_endpoints = ports.iter().map(endpoint).collect();
    let locality = LocalityLbEndpoints { lb_endpoints, load_balancing_weight: Some(1) };
    ClusterLoadAssignment { cluster_name: CLUSTER.into(), endpoints: vec![locality] }
}

/// A greeter that returns its name.
struct Named(&'static str);

impl Greeter for Named {
    async fn greet(&self, _: Request<GreetRequest>) -> Result<Response<GreetResponse>, Status> {
        Ok(Response::new(GreetResponse { greeting: self.0.into() }))
    }
}

async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

async fn greeter(name: &'static str) -> u16 {
    let (listener, port) = listen().await;
    tokio::spawn(rgrpc::serve(listener).service(GreeterServer::new(Named(name))).until(pending()));
    port
}

fn bootstrap(port: u16) -> String {
    let server =
        format!(r#"{{ "server_uri": "http://127.0.0.1:{port}", "channel_creds": [{{ "type": "insecure" }}] }}"#);
    format!(r#"{{ "xds_servers": [{server}], "node": {{ "id": "test" }} }}"#)
}

fn client(port: u16) -> GreeterClient {
    let channel = mesh::channel(&format!("xds:///{SERVICE}"), &bootstrap(port)).unwrap();
    GreeterClient::new(channel.timeout(Duration::from_secs(10)))
}

#[tokio::test]
async fn calls_go_to_the_server_that_the_control_plane_names() {
    let (one, other) = (greeter("one").await, greeter("other").await);
    let (ports, receiver) = watch::channel(vec![one]);
    let (listener, port) = listen().await;
    let control_plane = AggregatedDiscoveryServiceServer::new(ControlPlane(receiver));
    tokio::spawn(rgrpc::serve(listener).service(control_plane).until(pending()));

    let client = client(port);
    assert_eq!(client.greet(GreetRequest::default()).await.unwrap().get_ref().greeting, "one");
    ports.send(vec![other]).unwrap();
    let moved = async {
        while client.greet(GreetRequest::default()).await.unwrap().get_ref().greeting != "other" {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(10), moved).await.expect("calls go to the other server");
}

#[tokio::test]
async fn a_call_without_a_control_plane_ends_at_its_deadline() {
    let (listener, port) = listen().await;
    drop(listener);
    let call = client(port).greet(GreetRequest::default()).timeout(Duration::from_millis(100));
    assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
}

#[test]
fn an_invalid_target_or_bootstrap_is_an_error() {
    let error = |target, bootstrap| mesh::channel(target, bootstrap).unwrap_err().to_string();
    let (of_bootstrap, of_target) = (error("xds:///a", "{}"), error("dns:///a", &bootstrap(1)));
    assert!(of_bootstrap.contains("xds_servers"), "{of_bootstrap}");
    assert!(of_target.contains("xds"), "{of_target}");
}
