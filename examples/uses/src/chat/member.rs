//! The client: a member that receives every event and says every line exactly once, and reconnects as often as needed.

use std::collections::VecDeque;
use std::time::SystemTime;

use rgrpc::streaming::{self, Sender, Started};
use rgrpc::{Code, Status, Streaming};

use super::room;
use crate::again::{Pause, is_temporary};
use crate::proto::chat::v1::chat_client::ChatClient;
use crate::proto::chat::v1::event::What;
use crate::proto::chat::v1::talk_request::Request;
use crate::proto::chat::v1::{Event, Join, Line, TalkRequest};

type Call = (Sender<TalkRequest>, Started<Streaming<Event>>);

/// A member of a room.
#[derive(Debug)]
pub struct Member {
    chat: ChatClient,
    room: String,
    name: String,
    call: Option<Call>,
    /// The number of the last event that was received.
    last: u64,
    /// Lines that have not come back as events. The next call sends them again.
    unconfirmed: VecDeque<Line>,
    next_id: u64,
    pause: Pause,
}

impl Member {
    /// Creates a member, who joins the room with the first call of [`next`](Self::next).
    #[must_use]
    pub fn new(chat: ChatClient, room: impl Into<String>, name: impl Into<String>) -> Self {
        // Line ids must differ from those of an earlier process with the same name.
        let since_epoch = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let next_id = u64::try_from(since_epoch.as_nanos()).unwrap_or_default();
        let (room, name) = (room.into(), name.into());
        Self { chat, room, name, call: None, last: 0, unconfirmed: VecDeque::new(), next_id, pause: Pause::default() }
    }

    /// Says a line, which is confirmed when it comes back as an event.
    ///
    /// # Errors
    ///
    /// Returns `INVALID_ARGUMENT` if the line has more than 4,096 bytes, and `RESOURCE_EXHAUSTED` if 100 lines are unconfirmed; receive some
    /// events first.
    pub async fn say(&mut self, text: impl Into<String>) -> Result<(), Status> {
        let line = Line { id: self.next_id, text: text.into() };
        room::check(&line)?;
        if self.unconfirmed.len() == room::MAX_UNCONFIRMED {
            return Err(Status::resource_exhausted(format!("{} lines are unconfirmed", room::MAX_UNCONFIRMED)));
        }
        self.next_id += 1;
        self.unconfirmed.push_back(line.clone());
        if let Some((requests, _)) = &mut self.call {
            // This fails if the call has ended. Then `next` makes another, and sends the line again.
            _ = requests.send(request(Request::Line(line))).await;
        }
        Ok(())
    }

    /// Waits for the next event, however long the server is unavailable. This is cancel safe.
    ///
    /// # Errors
    ///
    /// Returns `ABORTED` if the same member has joined with another call, or any other status that is not temporary. The next call of this
    /// method joins again; after `INVALID_ARGUMENT` it drops the unconfirmed lines, because the server rejected one of them.
    pub async fn next(&mut self) -> Result<Event, Status> {
        loop {
            self.pause.end().await;
            match self.attempt().await {
                Ok(Some(event)) => {
                    (self.last, self.pause) = (event.number, Pause::default());
                    self.confirm(&event);
                    return Ok(event);
                }
                Err(status) if !is_temporary(&status) => {
                    self.call = None;
                    if status.code() == Code::InvalidArgument {
                        self.unconfirmed.clear();
                    }
                    return Err(status);
                }
                Ok(None) | Err(_) => {
                    self.call = None;
                    self.pause.begin();
                }
            }
        }
    }

    /// Leaves the room, after all lines have been sent.
    pub async fn leave(mut self) {
        if let Some((requests, mut events)) = self.call.take() {
            requests.finish();
            while let Ok(Some(_)) = events.message().await {}
        }
    }

    async fn attempt(&mut self) -> Result<Option<Event>, Status> {
        if self.call.is_none() {
            self.call = Some(self.join().await?);
        }
        match &mut self.call {
            Some((_, events)) => events.message().await,
            None => Ok(None),
        }
    }

    async fn join(&self) -> Result<Call, Status> {
        let (mut requests, outgoing) = streaming::channel();
        let events = self.chat.talk(outgoing).start();
        let join = Join { room: self.room.clone(), name: self.name.clone(), after: self.last };
        requests.send(request(Request::Join(join))).await?;
        for line in &self.unconfirmed {
            requests.send(request(Request::Line(line.clone()))).await?;
        }
        Ok((requests, events))
    }

    /// Confirms a line of this member.
    fn confirm(&mut self, event: &Event) {
        if let Some(What::Said(said)) = &event.what
            && event.name == self.name
        {
            self.unconfirmed.retain(|line| line.id != said.id);
        }
    }
}

fn request(request: Request) -> TalkRequest {
    TalkRequest { request: Some(request) }
}
