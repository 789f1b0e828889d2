//! The chat service, with a broadcast channel per room. Each call has a receiver, which is dropped when the call is cancelled.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{broadcast, mpsc};
use tokio_stream::wrappers::{BroadcastStream, ReceiverStream};
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

use crate::proto::chat::v1::chat_service_server::ChatService;
use crate::proto::chat::v1::{
    ChatRequest, CountListenersRequest, CountListenersResponse, Line, ListenRequest, SayRequest, SayResponse,
};

/// The rooms, by name.
#[derive(Debug, Clone, Default)]
pub struct Rooms(Arc<Mutex<HashMap<String, broadcast::Sender<Line>>>>);

#[tonic::async_trait]
impl ChatService for Rooms {
    type ListenStream = Pin<Box<dyn Stream<Item = Result<Line, Status>> + Send>>;
    type ChatStream = ReceiverStream<Result<Line, Status>>;

    async fn listen(&self, request: Request<ListenRequest>) -> Result<Response<Self::ListenStream>, Status> {
        let lines = BroadcastStream::new(self.room(&request.get_ref().room)?.subscribe());
        Ok(Response::new(Box::pin(lines.map(|line| line.map_err(|_| too_slow())))))
    }

    async fn say(&self, request: Request<Streaming<SayRequest>>) -> Result<Response<SayResponse>, Status> {
        let mut requests = request.into_inner();
        let mut counts = SayResponse::default();
        while let Some(SayRequest { room, line }) = requests.message().await? {
            counts.heard_count += say(&self.room(&room)?, line)?;
            counts.said_count += 1;
        }
        Ok(Response::new(counts))
    }

    async fn chat(&self, request: Request<Streaming<ChatRequest>>) -> Result<Response<Self::ChatStream>, Status> {
        let mut requests = request.into_inner();
        let first =
            requests.message().await?.ok_or_else(|| Status::invalid_argument("the first message is missing"))?;
        let room = self.room(&first.room)?;
        let heard = room.subscribe();
        say(&room, first.line)?;
        let (responses, received) = mpsc::channel(16);
        tokio::spawn(relay(requests, room, heard, responses));
        Ok(Response::new(ReceiverStream::new(received)))
    }

    async fn count_listeners(
        &self,
        request: Request<CountListenersRequest>,
    ) -> Result<Response<CountListenersResponse>, Status> {
        let count = self.room(&request.get_ref().room)?.receiver_count();
        Ok(Response::new(CountListenersResponse { count: number(count) }))
    }
}

impl Rooms {
    fn room(&self, name: &str) -> Result<broadcast::Sender<Line>, Status> {
        if name.is_empty() {
            return Err(Status::invalid_argument("the room has no name"));
        }
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(rooms.entry(name.to_owned()).or_insert_with(|| broadcast::Sender::new(64)).clone())
    }
}

/// Relays lines between one caller and the room, until the requests end or the call is cancelled.
async fn relay(
    mut requests: Streaming<ChatRequest>,
    room: broadcast::Sender<Line>,
    mut heard: broadcast::Receiver<Line>,
    responses: mpsc::Sender<Result<Line, Status>>,
) {
    loop {
        let response = tokio::select! {
            biased;
            () = responses.closed() => break,
            line = heard.recv() => line.map_err(|_| too_slow()),
            request = requests.message() => match request {
                Ok(Some(request)) => match say(&room, request.line) {
                    Ok(_) => continue,
                    Err(status) => Err(status),
                },
                Ok(None) => break,
                Err(status) => Err(status),
            },
        };
        let failed = response.is_err();
        if responses.send(response).await.is_err() || failed {
            break;
        }
    }
}

/// Says a line, and returns the number of listeners.
fn say(room: &broadcast::Sender<Line>, line: Option<Line>) -> Result<u32, Status> {
    let line =
        line.filter(|line| !line.text.is_empty()).ok_or_else(|| Status::invalid_argument("the line is empty"))?;
    Ok(number(room.send(line).unwrap_or_default()))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn too_slow() -> Status {
    Status::data_loss("this caller reads too slowly")
}
