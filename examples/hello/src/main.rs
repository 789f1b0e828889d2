//! Serves a greeter and calls it.

use rgrpc::{Channel, Request, Response, Status};

use proto::hello::v1::greeter_client::GreeterClient;
use proto::hello::v1::greeter_server::{Greeter, GreeterServer};
use proto::hello::v1::{GreetRequest, GreetResponse};

mod proto {
    rgrpc::include_protos!();
}

struct English;

impl Greeter for English {
    async fn greet(&self, request: Request<GreetRequest>) -> Result<Response<GreetResponse>, Status> {
        let greeting = format!("Hello, {}!", request.into_inner().name);
        Ok(Response::new(GreetResponse { greeting }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = rgrpc::serve("127.0.0.1:50051").service(GreeterServer::new(English));
    let server = tokio::spawn(server.bind().await?.until_signal());
    let greeter = GreeterClient::new(Channel::connect("http://127.0.0.1:50051").await?);
    let response = greeter.greet(GreetRequest { name: "Ada".into() }).await?;
    println!("{}", response.get_ref().greeting);
    server.await??; // until Ctrl-C
    Ok(())
}
