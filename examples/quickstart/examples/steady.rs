//! Calls a server from 16 tasks until standard input ends, and prints the number of calls and the errors of those that failed.

use std::collections::BTreeMap;
use std::error::Error;

use quickstart::proto::user::v1::GetUserRequest;
use quickstart::proto::user::v1::user_service_client::UserServiceClient;
use rgrpc::{Channel, Code};
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("usage: steady ADDRESS")?;
    let client = UserServiceClient::new(Channel::connect(format!("http://{address}")).await?);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut callers = JoinSet::new();
    for _ in 0..16 {
        let (client, stopped) = (client.clone(), stopped.clone());
        callers.spawn(async move {
            let (mut calls, mut failures) = (0, Vec::new());
            while !*stopped.borrow() {
                calls += 1;
                match client.get_user(GetUserRequest { id: "user-1".to_owned() }).await {
                    // A server that has just started has no users.
                    Err(status) if status.code() == Code::NotFound => {}
                    Err(status) => failures.push(format!("{:?}: {}", status.code(), status.message())),
                    Ok(_) => {}
                }
            }
            (calls, failures)
        });
    }
    println!("calling");
    tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await??;
    stop.send_replace(true);
    let (mut calls, mut failures) = (0, BTreeMap::<_, u32>::new());
    for (calls_of_task, failures_of_task) in callers.join_all().await {
        calls += calls_of_task;
        for failure in failures_of_task {
            *failures.entry(failure).or_default() += 1;
        }
    }
    println!("{calls} calls, {} failed {failures:?}", failures.values().sum::<u32>());
    Ok(())
}
