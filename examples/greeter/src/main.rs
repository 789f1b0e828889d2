//! Serves a greeter and calls it: the service of the README after the first chapter of the guide.

use std::time::Duration;

use rgrpc::{Channel, Request, Response, ServerStream, Status, Streaming};

use proto::hello::v1::greeter_client::GreeterClient;
use proto::hello::v1::greeter_server::{Greeter, GreeterServer};
use proto::hello::v1::{GreetRequest, GreetResponse};

mod proto {
    rgrpc::include_protos!();
}

struct English;

impl Greeter for English {
    async fn greet_all_day(
        &self,
        request: Request<GreetRequest>,
    ) -> Result<Response<impl ServerStream<GreetResponse>>, Status> {
        let name = request.into_inner().name;
        if name.is_empty() {
            return Err(Status::invalid_argument("`name` is empty"));
        }
        let words = ["Good morning", "Good day", "Good evening"];
        let greetings = words.map(|word| GreetResponse { greeting: format!("{word}, {name}!") });
        Ok(Response::new(Streaming::from(Vec::from(greetings))))
    }

    async fn greet(&self, request: Request<GreetRequest>) -> Result<Response<GreetResponse>, Status> {
        let greeting = format!("Hello, {}!", request.into_inner().name);
        Ok(Response::new(GreetResponse { greeting }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = rgrpc::serve("127.0.0.1:50051")
        .service(GreeterServer::new(English))
        .health()
        .reflection(&[proto::hello::v1::FILE_DESCRIPTOR_SET]);
    let server = tokio::spawn(server.bind().await?.until_signal());
    let greeter = GreeterClient::new(Channel::connect("http://127.0.0.1:50051").await?);
    let response = greeter.greet(GreetRequest { name: "Ada".into() }).await?;
    println!("{}", response.get_ref().greeting);
    let mut greetings = greeter.greet_all_day(GreetRequest { name: "Ada".into() }).await?.into_inner();
    while let Some(response) = greetings.message().await? {
        println!("{}", response.greeting);
    }
    let nobody = greeter.greet_all_day(GreetRequest::default()).timeout(Duration::from_secs(1));
    if let Err(status) = nobody.await {
        println!("{:?}: {}", status.code(), status.message());
    }
    server.await??; // until Ctrl-C
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_greeting_has_the_name() -> Result<(), Status> {
        let greeter = GreeterClient::new(GreeterServer::new(English));
        let response = greeter.greet(GreetRequest { name: "Ada".into() }).await?;
        assert_eq!(response.get_ref().greeting, "Hello, Ada!");
        Ok(())
    }
}
