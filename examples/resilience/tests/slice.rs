//! The servers of a channel follow the file.

use std::fs;
use std::time::Duration;

use resilience::slice::SliceFile;
use rgrpc::Channel;
use rgrpc::balance::{Balanced, Resolve};
use rgrpc::service_config::LoadBalancing;

const TWO: &str = r#"{
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "ports": [{"name": "metrics", "port": 9090}, {"name": "grpc", "protocol": "TCP", "port": 50051}],
    "endpoints": [
        {"addresses": ["10.1.2.3"], "conditions": {"ready": true}},
        {"addresses": ["10.1.2.4"], "conditions": {"ready": false, "terminating": true}},
        {"addresses": ["2001:db8::5"], "conditions": {}}
    ]
}"#;

fn servers(balanced: &Balanced) -> Vec<String> {
    let servers = balanced.servers().into_iter();
    servers.map(|(endpoint, _)| endpoint.addresses()[0].to_string()).collect()
}

#[tokio::test]
async fn the_servers_are_the_ready_ones_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.json");
    fs::write(&path, TWO).unwrap();
    let target = Channel::resolved_by(SliceFile::new(&path), "users.prod").load_balancing(LoadBalancing::RoundRobin);
    let balanced = target.balanced().unwrap();
    balanced.connect();
    let becomes = async |expected: &[&str]| {
        for _ in 0..100 {
            if servers(&balanced) == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{:?}, not {expected:?}", servers(&balanced));
    };
    becomes(&["10.1.2.3:50051", "[2001:db8::5]:50051"]).await;
    let next = folder.path().join("next.json");
    fs::write(&next, TWO.replace("\"ready\": false", "\"ready\": true")).unwrap();
    fs::rename(&next, &path).unwrap();
    becomes(&["10.1.2.3:50051", "[2001:db8::5]:50051", "10.1.2.4:50051"]).await;
    // A file that cannot be read changes nothing.
    fs::write(&path, "{").unwrap();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(servers(&balanced).len(), 3);
}

#[tokio::test]
async fn errors_name_the_problem_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.json");
    let error = async |text: &str| {
        fs::write(&path, text).unwrap();
        let error = SliceFile::new(&path).resolve().await.unwrap_err().to_string();
        error.replace(&format!("{}: ", path.display()), "")
    };
    assert_eq!(error(r#"{"endpoints": []}"#).await, "no port named `grpc`");
    assert_eq!(error(r#"{"ports": [{"port": 1}, {"port": 2}]}"#).await, "no port named `grpc`");
    assert!(error("{").await.starts_with("EOF while parsing"));
    fs::remove_file(&path).unwrap();
    let missing = SliceFile::new(&path).resolve().await.unwrap_err().to_string();
    assert!(missing.contains("No such file"), "{missing}");
}
