//! The server: a call is a member in a room, from its first request to its end.

use std::collections::HashMap;
use std::sync::Arc;

use rgrpc::{Request, Response, ServerStream, Status, Streaming};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use super::room::{Membership, Room};
use crate::proto::chat::v1::chat_server::Chat;
use crate::proto::chat::v1::talk_request::Request as Said;
use crate::proto::chat::v1::{Event, Join, TalkRequest};

/// Bytes of a member's name at most.
const LONGEST_NAME: usize = 64;

/// The rooms of a server.
#[derive(Debug, Clone)]
pub struct Rooms {
    rooms: Arc<HashMap<String, Arc<Room>>>,
    closed: watch::Sender<bool>,
}

impl Rooms {
    /// Opens a room of each name.
    #[must_use]
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let rooms = names.into_iter().map(|name| (name.to_owned(), Arc::default())).collect();
        Self { rooms: Arc::new(rooms), closed: watch::Sender::new(false) }
    }

    /// Sends all members to other servers, so that a drain need not wait for those who would talk on.
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
            return Err(Status::invalid_argument("the first request joins a room"));
        };
        if name.is_empty() || name.len() > LONGEST_NAME {
            return Err(Status::invalid_argument(format!("a name has 1 to {LONGEST_NAME} bytes")));
        }
        let Some(room) = self.rooms.get(&room) else {
            return Err(Status::not_found(format!("there is no room `{room}`")));
        };
        // Few, so that a slow member reads old events from the room, which bounds them, and not from a queue of its own.
        let (events, heard) = mpsc::channel(4);
        let closed = self.closed.subscribe();
        tokio::spawn(take_part(room.join(name), after, requests, events, closed));
        Ok(Response::new(ReceiverStream::new(heard)))
    }
}

/// Takes part in a room until the member leaves or is gone, joins again, or the server ends.
async fn take_part(
    member: Membership,
    after: u64,
    requests: Streaming<TalkRequest>,
    events: mpsc::Sender<Result<Event, Status>>,
    mut closed: watch::Receiver<bool>,
) {
    let end = tokio::select! {
        said = say(&member, requests) => said,
        () = member.hear(after, &events) => Ok(()),
        () = events.closed() => Ok(()),
        () = member.replaced() => Err(Status::aborted("the same member has joined again by another call")),
        _ = closed.wait_for(|closed| *closed) => Err(Status::unavailable("the server ends: join again")),
    };
    // The others hear of it now, however slowly this member reads.
    drop(member);
    if let Err(status) = end {
        // Nobody hears it where the call has ended.
        _ = events.send(Err(status)).await;
    }
}

/// Says line by line, up to the end of the requests.
async fn say(member: &Membership, mut requests: Streaming<TalkRequest>) -> Result<(), Status> {
    while let Some(TalkRequest { request }) = requests.message().await? {
        match request {
            Some(Said::Line(line)) => member.say(line)?,
            Some(Said::Join(_)) => return Err(Status::invalid_argument("a call joins one room")),
            None => return Err(Status::invalid_argument("a request says something")),
        }
    }
    Ok(())
}
