//! A room: its members, and its latest events, which each member reads at its own pace.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rgrpc::Status;
use tokio::sync::{Notify, mpsc, watch};

use crate::again::number_at_start;
use crate::proto::chat::v1::event::What;
use crate::proto::chat::v1::{Event, Joined, Left, Line};

/// The number of events that a room keeps for members that return or read slowly.
const MAX_EVENTS: usize = 1000;
/// The largest number of bytes in a line. Together with `MAX_EVENTS`, it bounds the memory of a room.
const MAX_LINE: usize = 4096;
/// The largest number of unconfirmed lines of a member. A room remembers as many line ids per member, to recognize lines that are sent again.
pub(super) const MAX_UNCONFIRMED: usize = 100;
/// The number of members whose line ids a room remembers. Beyond it, those of absent members are forgotten.
const MAX_REMEMBERED: usize = 10_000;

#[derive(Debug)]
pub(super) struct Room {
    state: Mutex<State>,
    /// The number of the last event. A member that has read all events waits for it to change.
    last: watch::Sender<u64>,
}

impl Default for Room {
    /// Event numbers start above those of an earlier server, which members may still know.
    fn default() -> Self {
        Self { state: Mutex::default(), last: watch::Sender::new(number_at_start()) }
    }
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Event>,
    /// The members, each with the signal that its call was replaced by another.
    members: HashMap<String, Arc<Notify>>,
    /// The ids of the latest lines of each member, including those that left, because they may only have lost their connection.
    line_ids: HashMap<String, VecDeque<u64>>,
}

/// Fails if a line is too long.
pub(super) fn check(line: &Line) -> Result<(), Status> {
    if line.text.len() > MAX_LINE {
        return Err(Status::invalid_argument(format!("a line may have at most {MAX_LINE} bytes")));
    }
    Ok(())
}

impl Room {
    /// Adds a member. It replaces an older call of the same member, whose connection may be lost.
    pub(super) fn join(self: &Arc<Self>, name: String) -> Membership {
        let (mut state, replaced) = (self.state(), Arc::new(Notify::new()));
        match state.members.insert(name.clone(), replaced.clone()) {
            Some(older) => older.notify_one(),
            None => self.add(&mut state, &name, What::Joined(Joined {})),
        }
        Membership { room: self.clone(), name, replaced }
    }

    /// Adds a line, unless it is one of the latest lines of the member.
    fn say(&self, name: &str, line: Line) -> Result<(), Status> {
        check(&line)?;
        let mut state = self.state();
        if state.remember(name, line.id) {
            self.add(&mut state, name, What::Said(line));
        }
        Ok(())
    }

    fn add(&self, state: &mut State, name: &str, what: What) {
        let number = *self.last.borrow() + 1;
        state.events.push_back(Event { number, name: name.to_owned(), what: Some(what) });
        if state.events.len() > MAX_EVENTS {
            state.events.pop_front();
        }
        self.last.send_replace(number);
    }

    /// The first event after number `after` that the room keeps.
    fn next(&self, after: u64) -> Option<Event> {
        let state = self.state();
        let first = state.events.front()?.number;
        state.events.get(usize::try_from(after.saturating_add(1).saturating_sub(first)).ok()?).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Remembers the id of a line, and returns whether it was new.
    fn remember(&mut self, name: &str, id: u64) -> bool {
        if self.line_ids.len() > MAX_REMEMBERED {
            self.line_ids.retain(|name, _| self.members.contains_key(name));
        }
        let ids = self.line_ids.entry(name.to_owned()).or_default();
        let is_new = !ids.contains(&id);
        if is_new {
            ids.push_back(id);
        }
        if ids.len() > MAX_UNCONFIRMED {
            ids.pop_front();
        }
        is_new
    }
}

/// The membership of a call in a room. Dropping it leaves the room, however the call ends.
#[derive(Debug)]
pub(super) struct Membership {
    room: Arc<Room>,
    name: String,
    replaced: Arc<Notify>,
}

impl Membership {
    pub(super) fn say(&self, line: Line) -> Result<(), Status> {
        self.room.say(&self.name, line)
    }

    /// Sends past and future events, until the receiver is dropped. Events that the room no longer keeps are skipped.
    pub(super) async fn send_events(&self, mut after: u64, events: &mpsc::Sender<Result<Event, Status>>) {
        let mut last = self.room.last.subscribe();
        // A higher number is from another server.
        if after > *last.borrow() {
            after = 0;
        }
        loop {
            match self.room.next(after) {
                Some(event) => {
                    after = event.number;
                    if events.send(Ok(event)).await.is_err() {
                        return;
                    }
                }
                None if last.changed().await.is_err() => return,
                None => {}
            }
        }
    }

    /// Waits until the same member joins with another call.
    pub(super) async fn replaced(&self) {
        self.replaced.notified().await;
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        let mut state = self.room.state();
        if state.members.get(&self.name).is_some_and(|current| Arc::ptr_eq(current, &self.replaced)) {
            state.members.remove(&self.name);
            self.room.add(&mut state, &self.name, What::Left(Left {}));
        }
    }
}
