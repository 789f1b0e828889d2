//! The server: each call is a member of a room, from its first request to its end.

use std::collections::HashMap;
use std::sync::Arc;

use rgrpc::{Request, Response, ServerStream, Status, Streaming};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use super::room::{Membership, Room};
use crate::proto::chat::v1::chat_server::Chat;
use crate::proto::chat::v1::talk_request::Request as Said;
use crate::proto::chat::v1::{Event, Join, TalkRequest};

/// The largest number of bytes in a member's name.
const MAX_NAME: usize = 64;

/// The rooms of a server.
#[derive(Debug, Clone)]
pub struct Rooms {
    rooms: Arc<HashMap<String, Arc<Room>>>,
    closed: watch::Sender<bool>,
}

impl Rooms {
    /// Creates rooms with these names.
    #[must_use]
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let rooms = names.into_iter().map(|name| (name.to_owned(), Arc::default())).collect();
        Self { rooms: Arc::new(rooms), closed: watch::Sender::new(false) }
    }

    /// Ends the calls of all members with `UNAVAILABLE`, so that they join another server, and draining does not wait for them.
    ///
    /// ```no_run
    /// # use uses::{chat::Rooms, proto::chat::v1::chat_server::ChatServer};
    /// # async fn example(stop: impl Future<Output = ()>) -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = Rooms::new(["lobby"]);
    /// let server = rgrpc::serve("[::]:50051").service(ChatServer::new(rooms.clone()));
    /// server.until(async { stop.await; rooms.close() }).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn close(&self) {
        self.closed.send_replace(true);
    }
}

impl Chat for Rooms {
    async fn talk(
        &self,
        request: Request<Streaming<TalkRequest>>,
    ) -> Result<Response<impl ServerStream<Event>>, Status> {
        let mut requests = request.into_inner();
        let Some(Said::Join(Join { room, name, after })) = requests.message().await?.and_then(|first| first.request)
        else {
            return Err(Status::invalid_argument("the first request must join a room"));
        };
        if name.is_empty() || name.len() > MAX_NAME {
            return Err(Status::invalid_argument(format!("a name must have 1 to {MAX_NAME} bytes")));
        }
        let Some(room) = self.rooms.get(&room) else {
            return Err(Status::not_found(format!("no room is named `{room}`")));
        };
        // The channel is small, so that the events for a slow member stay in the room, which bounds their number.
        let (events, receiver) = mpsc::channel(4);
        let closed = self.closed.subscribe();
        tokio::spawn(take_part(room.join(name), after, requests, events, closed));
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

/// Takes part in a room until the member leaves, disconnects or joins again, or the server shuts down.
async fn take_part(
    member: Membership,
    after: u64,
    requests: Streaming<TalkRequest>,
    events: mpsc::Sender<Result<Event, Status>>,
    mut closed: watch::Receiver<bool>,
) {
    let result = tokio::select! {
        result = receive_lines(&member, requests) => result,
        () = member.send_events(after, &events) => Ok(()),
        () = events.closed() => Ok(()),
        () = member.replaced() => Err(Status::aborted("the same member has joined with another call")),
        _ = closed.wait_for(|closed| *closed) => Err(Status::unavailable("the server shuts down: join again")),
    };
    // The other members are told at once, however slowly this one reads.
    drop(member);
    if let Err(status) = result {
        // This fails if the client is gone.
        _ = events.send(Err(status)).await;
    }
}

/// Says the lines of the requests, until they end.
async fn receive_lines(member: &Membership, mut requests: Streaming<TalkRequest>) -> Result<(), Status> {
    while let Some(TalkRequest { request }) = requests.message().await? {
        match request {
            Some(Said::Line(line)) => member.say(line)?,
            Some(Said::Join(_)) => return Err(Status::invalid_argument("a call can join only one room")),
            None => return Err(Status::invalid_argument("the request is empty")),
        }
    }
    Ok(())
}
