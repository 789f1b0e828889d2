//! One room: its last events, which every member reads at a pace of its own, and who is in it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rgrpc::Status;
use tokio::sync::{Notify, mpsc, watch};

use crate::again::number_at_start;
use crate::proto::chat::v1::event::What;
use crate::proto::chat::v1::{Event, Joined, Left, Line};

/// How many events a room keeps, for those who come back or read slowly.
const KEPT: usize = 1000;
/// Bytes of a line at most. With `KEPT`, the bound of what a room holds in memory.
const LONGEST: usize = 4096;
/// How many lines a member may say before the first of them comes back: as many are told from those that are sent again.
pub(super) const UNHEARD: usize = 100;
/// How many members a room tells the lines of; of more, only those who are in.
const REMEMBERED: usize = 10_000;

#[derive(Debug)]
pub(super) struct Room {
    state: Mutex<State>,
    /// The number of the last event. A member who has read all waits for it to change.
    last: watch::Sender<u64>,
}

impl Default for Room {
    /// Numbers go on above those of a server that ran before, which some members still know.
    fn default() -> Self {
        Self { state: Mutex::default(), last: watch::Sender::new(number_at_start()) }
    }
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Event>,
    /// Who is in, each with the signal that another call has taken the place.
    members: HashMap<String, Arc<Notify>>,
    /// The last line of each member, also of those who left: whoever lost the connection did.
    said: HashMap<String, VecDeque<u64>>,
}

/// Fails if no room takes a line.
pub(super) fn check(line: &Line) -> Result<(), Status> {
    if line.text.len() > LONGEST {
        return Err(Status::invalid_argument(format!("a line has {LONGEST} bytes at most")));
    }
    Ok(())
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

    /// Says a line, unless it is one of the last that the member has said.
    fn say(&self, name: &str, line: Line) -> Result<(), Status> {
        check(&line)?;
        let mut state = self.state();
        if state.is_new(name, line.id) {
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

impl State {
    /// Whether a line is none of the last that a member said; from now on it is one.
    fn is_new(&mut self, name: &str, id: u64) -> bool {
        if self.said.len() > REMEMBERED {
            self.said.retain(|name, _| self.members.contains_key(name));
        }
        let said = self.said.entry(name.to_owned()).or_default();
        let is_new = !said.contains(&id);
        if is_new {
            said.push_back(id);
        }
        if said.len() > UNHEARD {
            said.pop_front();
        }
        is_new
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
        // From a server whose numbers are higher: here the member has heard nothing yet.
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
