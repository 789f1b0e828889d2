//! Calls a server from 16 tasks, one call after the other, until its input ends; says how many calls there were, and how each failed that did.

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
    let (over, is_over) = tokio::sync::watch::channel(false);
    let mut callers = JoinSet::new();
    for _ in 0..16 {
        let (client, is_over) = (client.clone(), is_over.clone());
        callers.spawn(async move {
            let (mut calls, mut failures) = (0, Vec::new());
            while !*is_over.borrow() {
                calls += 1;
                match client.get_user(GetUserRequest { id: "user-1".to_owned() }).await {
                    // There is no such user, as a server that was just started knows.
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
    over.send_replace(true);
    let (mut calls, mut failures) = (0, BTreeMap::<_, u32>::new());
    for (more, failed) in callers.join_all().await {
        calls += more;
        for failure in failed {
            *failures.entry(failure).or_default() += 1;
        }
    }
    println!("{calls} calls, {} failed {failures:?}", failures.values().sum::<u32>());
    Ok(())
}
