//! A trait around a service can name its streams as associated types, as with tonic's stubs.

use chat_rgrpc::Rooms;
use chat_rgrpc::proto::chat::v1::chat_service_client::ChatServiceClient;
use chat_rgrpc::proto::chat::v1::chat_service_server::{ChatService, ChatServiceServer};
use chat_rgrpc::proto::chat::v1::{
    ChatRequest, CountListenersRequest, CountListenersResponse, Line, ListenRequest, SayRequest, SayResponse,
};
use rgrpc::{Channel, Request, Response, ServerStream, Status, Streaming};

/// A source of lines.
trait Source: Send + Sync + 'static {
    type ListenStream: ServerStream<Line>;

    fn listen(&self, room: &str) -> impl Future<Output = Result<Self::ListenStream, Status>> + Send;
}

/// Chat rooms whose lines come from a source.
struct Chat<S> {
    source: S,
    rooms: Rooms,
}

impl<S: Source> ChatService for Chat<S> {
    async fn listen(&self, request: Request<ListenRequest>) -> Result<Response<S::ListenStream>, Status> {
        Ok(Response::new(self.source.listen(&request.get_ref().room).await?))
    }

    async fn say(&self, request: Request<Streaming<SayRequest>>) -> Result<Response<SayResponse>, Status> {
        self.rooms.say(request).await
    }

    async fn chat(
        &self,
        request: Request<Streaming<ChatRequest>>,
    ) -> Result<Response<impl ServerStream<Line>>, Status> {
        self.rooms.chat(request).await
    }

    async fn count_listeners(
        &self,
        request: Request<CountListenersRequest>,
    ) -> Result<Response<CountListenersResponse>, Status> {
        self.rooms.count_listeners(request).await
    }
}

/// A source with two lines for each room.
struct Greeter;

impl Source for Greeter {
    type ListenStream = tokio_stream::Iter<std::array::IntoIter<Result<Line, Status>, 2>>;

    async fn listen(&self, room: &str) -> Result<Self::ListenStream, Status> {
        let line = |text: String| Ok(Line { speaker: "greeter".to_owned(), text });
        Ok(tokio_stream::iter([line(format!("Welcome to {room}.")), line("Listen.".to_owned())]))
    }
}

#[tokio::test]
async fn a_method_returns_a_named_stream() -> Result<(), Status> {
    let server = ChatServiceServer::new(Chat { source: Greeter, rooms: Rooms::default() });
    let client = ChatServiceClient::new(Channel::new(server));
    let mut lines = client.listen(ListenRequest { room: "Rust".to_owned() }).await?.into_inner();
    let mut heard = Vec::new();
    while let Some(line) = lines.message().await? {
        heard.push(line.text);
    }
    assert_eq!(heard, ["Welcome to Rust.", "Listen."]);
    Ok(())
}
