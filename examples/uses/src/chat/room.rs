//! One room: its last events, which every member reads at a pace of its own, and who is in it.

use crate::proto::chat::v1::event::What;
use crate::proto::chat::v1::{Event, Joined, Left, Line};
use rgrpc::Status;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use tokio::sync::{Notify, mpsc, watch};

/// How many events a room keeps, for those who come back or read slowly.
const KEPT: usize = 1000;
/// Bytes of a line at most. With `KEPT`, the bound of what a room holds in memory.
const LONGEST: usize = 4096;

#[derive(Debug)]
pub(super) struct Room {
    state: Mutex<State>,
    /// The number of the last event. A member who has read all waits for it to change.
    last: watch::Sender<u64>,
}

impl Default for Room {
    /// Numbers go on above those of a server that ran before, which some members still know.
    fn default() -> Self {
        let since_epoch = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let last = u64::try_from(since_epoch.as_micros()).unwrap_or_default();
        Self { state: Mutex::default(), last: watch::Sender::new(last) }
    }
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Event>,
    /// Who is in, each with the signal that another call has taken the place.
    members: HashMap<String, Arc<Notify>>,
}

impl Room {
    /// Lets a member in. A call by which the member is still in, as over a lost connection, loses its place.
    pub(super) fn join(self: &Arc<Self>, name: String) -> Membership {
        let (mut state, replaced) = (self.state(), Arc::new(Notify::new()));
        match state.members.insert(name.clone(), replaced.clone()) {
            Some(older) => older.notify_one(),
            None => self.add(&mut state, &name, What::Joined(Joined {})),
        }
        Membership { room: self.clone(), name, replaced }
    }

    fn say(&self, name: &str, line: Line) -> Result<(), Status> {
        if line.text.len() > LONGEST {
            return Err(Status::invalid_argument(format!("a line has {LONGEST} bytes at most")));
        }
        let mut state = self.state();
        let is_said =
            |event: &Event| event.name == name && matches!(&event.what, Some(What::Said(said)) if said.id == line.id);
        if !state.events.iter().any(is_said) {
            self.add(&mut state, name, What::Said(line));
        }
        Ok(())
    }

    fn add(&self, state: &mut State, name: &str, what: What) {
        let number = *self.last.borrow() + 1;
        state.events.push_back(Event { number, name: name.to_owned(), what: Some(what) });
        if state.events.len() > KEPT {
            state.events.pop_front();
        }
        self.last.send_replace(number);
    }

    /// The first event behind `after` that the room keeps.
    fn next(&self, after: u64) -> Option<Event> {
        let state = self.state();
        let first = state.events.front()?.number;
        state.events.get(usize::try_from(after.saturating_add(1).saturating_sub(first)).ok()?).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a member in a room, which leaves it when dropped: however the call ends, the others hear of it.
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

    /// Sends what was said and what will be, until nobody listens. The room does not wait: what it keeps no more is left out.
    pub(super) async fn hear(&self, mut after: u64, events: &mpsc::Sender<Result<Event, Status>>) {
        let mut last = self.room.last.subscribe();
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

    /// Waits until the same member has joined again.
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
