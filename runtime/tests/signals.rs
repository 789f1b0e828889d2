//! Checks that signals of the operating system shut a server down.
#![cfg(all(unix, feature = "health", feature = "serve", feature = "channel"))]

mod support;

use std::future::IntoFuture;
use std::process::Command;
use std::time::Duration;

use rgrpc::serve::Ended;
use rgrpc::{Channel, Code};
use tokio::time::timeout;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, request, user};

fn terminate() {
    // A builtin of the shell: there may be no such program.
    let kill = format!("kill -TERM {}", std::process::id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

#[tokio::test]
async fn the_first_signal_drains_and_the_second_ends_what_still_runs() {
    let (users, _events) = Users::new();
    let server = rgrpc::serve("127.0.0.1:0").health().service(UserServiceServer::new(users));
    let server = server.lame_duck(Duration::from_secs(1000)).drain(Duration::from_secs(1000)).bind().await.unwrap();
    let uri = format!("http://{}", server.addresses()[0]);
    let server = tokio::spawn(server.until_signal());
    let channel = Channel::connect(uri).await.unwrap();
    let mut health = HealthClient::new(channel.transport());
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status, 1);
    let client = UserServiceClient::new(channel);
    let hanging = tokio::spawn(client.list_users(request("hang")).into_future());

    terminate();
    assert_eq!(watch.message().await.unwrap().unwrap().status, 2);
    // It is a lame duck, which takes calls.
    for _ in 0..2 {
        client.get_user(request("7")).await.unwrap();
    }
    assert!(!server.is_finished());

    terminate();
    assert_eq!(timeout(Duration::from_secs(20), server).await.expect("it ends").unwrap().unwrap(), Ended::Cut);
    let ended = match hanging.await.unwrap() {
        Ok(users) => {
            let mut users = users.into_inner();
            assert_eq!(users.message().await.unwrap(), Some(user("hang", 0)));
            users.message().await.unwrap_err()
        }
        Err(status) => status,
    };
    assert_eq!(ended.code(), Code::Unavailable);
}
