//! Clients of both versions call one server over one connection.

use std::error::Error;

use rgrpc::{Channel, Code};
use versions::proto::user::v1::user_service_client::UserServiceClient as V1Client;
use versions::proto::user::v2::user_service_client::UserServiceClient as V2Client;
use versions::proto::user::{v1, v2};
use versions::{Directory, loopback, server};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

async fn clients() -> Result<(V1Client, V2Client), Box<dyn Error + Send + Sync>> {
    let incoming = loopback()?;
    let address = incoming.local_addr()?;
    tokio::spawn(server(Directory::default()).serve_with_incoming(incoming));
    let channel = Channel::connect(format!("http://{address}")).await?;
    Ok((V1Client::new(channel.clone()), V2Client::new(channel)))
}

fn old(name: &str) -> v1::CreateUserRequest {
    v1::CreateUserRequest { user: Some(v1::User { name: name.to_owned(), admin: true, ..v1::User::default() }) }
}

fn new(given: &str, emails: &[&str], role: v2::Role) -> v2::CreateUserRequest {
    let name = Some(v2::Name { given: given.to_owned(), family: String::new() });
    let emails = emails.iter().map(|email| (*email).to_owned()).collect();
    v2::CreateUserRequest { user: Some(v2::User { id: String::new(), name, emails, role: role.into() }) }
}

#[tokio::test]
async fn each_version_reads_users_of_the_other() -> Outcome {
    let (v1, v2) = clients().await?;
    let id = v1.create_user(old("Ada Lovelace")).await?.into_inner().id;
    let user = v2.get_user(v2::GetUserRequest { id }).await?.into_inner();
    assert_eq!(user.role(), v2::Role::Admin);
    assert_eq!(user.name, Some(v2::Name { given: "Ada".to_owned(), family: "Lovelace".to_owned() }));

    let emails = ["plato@example.com", "p@example.com"];
    let id = v2.create_user(new("Plato", &emails, v2::Role::Owner)).await?.into_inner().id;
    let user = v1.get_user(v1::GetUserRequest { id: id.clone() }).await?.into_inner();
    let expected = v1::User { id, name: "Plato".to_owned(), email: "plato@example.com".to_owned(), admin: true };
    assert_eq!(user, expected);
    Ok(())
}

#[tokio::test]
async fn version_2_lists_users_of_both() -> Outcome {
    let (v1, v2) = clients().await?;
    v1.create_user(old("Ada Lovelace")).await?;
    v2.create_user(new("Plato", &[], v2::Role::Member)).await?;
    let mut names = Vec::new();
    let mut users = v2.list_users(v2::ListUsersRequest::default()).await?.into_inner();
    while let Some(user) = users.message().await? {
        names.push(user.name.unwrap_or_default().given);
    }
    assert_eq!(names, ["Ada", "Plato"]);
    Ok(())
}

#[tokio::test]
async fn a_user_that_cannot_be_converted_is_an_invalid_argument() -> Outcome {
    let (v1, _) = clients().await?;
    let status = v1.create_user(old(" Lovelace")).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "the name ` Lovelace` has no given name");
    Ok(())
}
