//! Starts the server on a free loopback port, and calls both versions over one connection.

use std::error::Error;

use rgrpc::Channel;
use versions::proto::user::v1::user_service_client::UserServiceClient as V1Client;
use versions::proto::user::v2::user_service_client::UserServiceClient as V2Client;
use versions::proto::user::{v1, v2};
use versions::{Directory, loopback, server};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let incoming = loopback()?;
    let address = incoming.local_addr()?;
    tokio::spawn(server(Directory::default()).serve_with_incoming(incoming));

    let channel = Channel::connect(format!("http://{address}")).await?;
    let (old, new) = (V1Client::new(channel.clone()), V2Client::new(channel));

    let user = v1::User { name: "Ada Lovelace".to_owned(), admin: true, ..v1::User::default() };
    let created = old.create_user(v1::CreateUserRequest { user: Some(user) }).await?.into_inner();
    println!("created by version 1: {created:?}");
    let user = new.get_user(v2::GetUserRequest { id: created.id }).await?.into_inner();
    println!("read by version 2:    {user:?}");

    let name = Some(v2::Name { given: "Plato".to_owned(), ..v2::Name::default() });
    let user = v2::User { name, role: v2::Role::Owner.into(), ..v2::User::default() };
    let created = new.create_user(v2::CreateUserRequest { user: Some(user) }).await?.into_inner();
    println!("created by version 2: {created:?}");
    let user = old.get_user(v1::GetUserRequest { id: created.id }).await?.into_inner();
    println!("read by version 1:    {user:?}");
    Ok(())
}
