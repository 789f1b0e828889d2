//! Begins the calls of a connection, a few in each of its turns: the fewer, the more connections have calls.
//!
//! tokio runs tasks in the order in which they were woken. If a connection began all calls that it has read, those of some hundred
//! connections would stand before the first call of any other.

use super::fair_share::Supply;
use crate::BoxFuture;
use hyper::rt::Executor;
use std::{
    collections::VecDeque,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// About so many calls begin on all connections before each of them has had its turn. Up to five connections are not held up by it.
const ROUND: usize = 512;

/// The calls of one connection that have not begun.
#[derive(Clone)]
pub(super) struct Begin(Arc<CallQueue>);

struct CallQueue {
    all: Arc<Supply>,
    calls: Mutex<CallsToBegin>,
}

#[derive(Default)]
struct CallsToBegin {
    /// Those that have begun since the connection had its turn.
    begun: usize,
    waiting: VecDeque<BoxFuture<'static, ()>>,
}

impl Begin {
    pub(super) fn of(all: &Arc<Supply>) -> Self {
        Self(Arc::new(CallQueue { all: all.clone(), calls: Mutex::default() }))
    }

    /// The connection has its turn: calls that wait begin before those that it reads.
    pub(super) fn turn(&self) {
        let most = self.most();
        let mut calls = self.calls();
        calls.begun = most.min(calls.waiting.len());
        for _ in 0..calls.begun {
            calls.waiting.pop_front().map(tokio::spawn);
        }
    }

    /// Whether calls wait for another turn.
    pub(super) fn waits(&self) -> bool {
        !self.calls().waiting.is_empty()
    }

    fn most(&self) -> usize {
        (ROUND / self.0.all.having()).max(1)
    }

    fn calls(&self) -> MutexGuard<'_, CallsToBegin> {
        self.0.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Begin {
    fn execute(&self, call: F) {
        let most = self.most();
        let mut calls = self.calls();
        if calls.begun < most {
            calls.begun += 1;
            tokio::spawn(call);
        } else {
            calls.waiting.push_back(Box::pin(call));
        }
    }
}
