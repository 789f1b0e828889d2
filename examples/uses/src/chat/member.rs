//! The client: a member who hears every event and says every line once, over as many calls as it takes.

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
    /// The number of the last event that was heard.
    last: u64,
    /// Lines that have not come back from the room: the next call says them again.
    unheard: VecDeque<Line>,
    next_id: u64,
    pause: Pause,
}

impl Member {
    /// A member who joins with the first [`next`](Self::next).
    #[must_use]
    pub fn new(chat: ChatClient, room: impl Into<String>, name: impl Into<String>) -> Self {
        // The name may have said lines before, by another process.
        let since_epoch = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let next_id = u64::try_from(since_epoch.as_nanos()).unwrap_or_default();
        let (room, name) = (room.into(), name.into());
        Self { chat, room, name, call: None, last: 0, unheard: VecDeque::new(), next_id, pause: Pause::default() }
    }

    /// Says a line; once it comes back as an event, all have it.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` if the line has more than 4,096 bytes: no room takes it. `RESOURCE_EXHAUSTED` if 100 lines have not come back:
    /// hear them first.
    pub async fn say(&mut self, text: impl Into<String>) -> Result<(), Status> {
        let line = Line { id: self.next_id, text: text.into() };
        room::check(&line)?;
        if self.unheard.len() == room::UNHEARD {
            return Err(Status::resource_exhausted(format!("{} lines have not come back", room::UNHEARD)));
        }
        self.next_id += 1;
        self.unheard.push_back(line.clone());
        if let Some((requests, _)) = &mut self.call {
            // If the call has ended, `next` hears of it and makes another.
            _ = requests.send(request(Request::Line(line))).await;
        }
        Ok(())
    }

    /// Waits for the next event, however long the server is away. One may drop this in a `select!`, and loses nothing.
    ///
    /// # Errors
    ///
    /// `ABORTED` if the same member has joined by another call. Any other status that is not temporary; the next call joins again, after
    /// `INVALID_ARGUMENT` without the lines that have not come back, one of which was refused.
    pub async fn next(&mut self) -> Result<Event, Status> {
        loop {
            self.pause.end().await;
            match self.attempt().await {
                Ok(Some(event)) => {
                    (self.last, self.pause) = (event.number, Pause::default());
                    self.hear(&event);
                    return Ok(event);
                }
                Err(status) if !is_temporary(&status) => {
                    self.call = None;
                    if status.code() == Code::InvalidArgument {
                        self.unheard.clear();
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

    /// Leaves the room; what was said before is said.
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
        for line in &self.unheard {
            requests.send(request(Request::Line(line.clone()))).await?;
        }
        Ok((requests, events))
    }

    fn hear(&mut self, event: &Event) {
        if let Some(What::Said(said)) = &event.what
            && event.name == self.name
        {
            self.unheard.retain(|line| line.id != said.id);
        }
    }
}

fn request(request: Request) -> TalkRequest {
    TalkRequest { request: Some(request) }
}
