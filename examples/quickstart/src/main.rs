//! Starts a server on a free loopback port, makes every kind of call, and prints requests and responses.
//!
//! With an address as argument, it only serves there. Further arguments are origins of web pages that may call it.

use std::error::Error;
use std::future::pending;
use std::time::Duration;

use quickstart::proto::calculator::v1 as calculator;
use quickstart::proto::calculator::v1::CalculateTaxRequest;
use quickstart::proto::calculator::v1::calculator_service_client::CalculatorServiceClient;
use quickstart::proto::calculator::v1::calculator_service_server::CalculatorServiceServer;
use quickstart::proto::user::v1 as user;
use quickstart::proto::user::v1::user_service_client::UserServiceClient;
use quickstart::proto::user::v1::user_service_server::UserServiceServer;
use quickstart::proto::user::v1::{ChatRequest, CreateUsersRequest, GetUserRequest, ListUsersRequest, Role};
use quickstart::{Calculator, Directory};
use rgrpc::Channel;
use rgrpc::web::Cors;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let wanted = std::env::args().nth(1);
    let server = rgrpc::serve(wanted.as_deref().unwrap_or("127.0.0.1:0"))
        .service(UserServiceServer::new(Directory::default()))
        .service(CalculatorServiceServer::new(Calculator))
        .health()
        .web(Cors::origins(std::env::args().skip(2))?)
        .reflection(&[user::FILE_DESCRIPTOR_SET, calculator::FILE_DESCRIPTOR_SET])
        .bind()
        .await?;
    let address = server.addresses()[0].clone();
    println!("serving on {address}");
    if wanted.is_some() {
        server.until_signal().await?;
        return Ok(());
    }
    tokio::spawn(server.until(pending()));

    let channel = Channel::connect(format!("http://{address}")).await?;
    users(&UserServiceClient::new(channel.clone())).await?;
    taxes(&CalculatorServiceClient::new(channel)).await?;
    Ok(())
}

async fn users(client: &UserServiceClient) -> Result<(), rgrpc::Status> {
    println!("\nCreateUsers, client streaming");
    let new = |email: &str, name: &str, role: Role| CreateUsersRequest {
        email: email.to_owned(),
        display_name: name.to_owned(),
        role: role.into(),
    };
    let requests = vec![
        new("ada@example.com", "Ada Lovelace", Role::Admin),
        new("alan@example.com", "Alan Turing", Role::Member),
        new("ada@example.com", "Another Ada", Role::Member),
    ];
    for request in &requests {
        println!("  -> {} <{}>", request.display_name, request.email);
    }
    let summary = client.create_users(tokio_stream::iter(requests)).await?.into_inner();
    println!("  <- created {}, skipped {}", summary.created_count, summary.skipped_count);

    println!("\nGetUser, unary");
    println!("  -> user-1");
    let response = client.get_user(GetUserRequest { id: "user-1".to_owned() }).await?.into_inner();
    println!("  <- {}", response.user.unwrap_or_default().display_name);

    println!("\nListUsers, server streaming");
    println!("  -> everybody");
    let mut users = client.list_users(ListUsersRequest::default()).await?.into_inner();
    while let Some(response) = users.message().await? {
        let user = response.user.unwrap_or_default();
        println!("  <- {} {}, {:?}", user.id, user.display_name, user.role());
    }

    println!("\nChat, bidirectional streaming");
    let say = |sender: &str, text: &str| ChatRequest { sender_id: sender.to_owned(), text: text.to_owned() };
    let requests = vec![say("user-1", "Hello, Alan"), say("user-2", "Hello, Ada")];
    for request in &requests {
        println!("  -> {}: {}", request.sender_id, request.text);
    }
    let mut heard = client.chat(tokio_stream::iter(requests)).await?.into_inner();
    while let Some(response) = heard.message().await? {
        println!("  <- {}: {}", response.sender_id, response.text);
    }

    println!("\nChat that never ends, with a deadline of 100 ms");
    let call = client.chat(tokio_stream::pending()).timeout(Duration::from_millis(100));
    let mut heard = call.await?.into_inner();
    match heard.message().await {
        Ok(response) => println!("  <- {response:?}"),
        Err(status) => println!("  <- {:?}: {}", status.code(), status.message()),
    }
    Ok(())
}

async fn taxes(client: &CalculatorServiceClient) -> Result<(), rgrpc::Status> {
    for country_code in ["DE", "XX"] {
        println!("\nCalculateTax, unary");
        println!("  -> 19.99 in {country_code}");
        let request = CalculateTaxRequest { amount_cents: 1999, country_code: country_code.to_owned() };
        match client.calculate_tax(request).await {
            Ok(response) => println!("  <- {:?}", response.into_inner()),
            Err(status) => println!("  <- {:?}: {}", status.code(), status.message()),
        }
    }
    Ok(())
}
