//! Counts the bytes of responses that wait for clients to read them; has those calls wait that would add to too many.
//!
//! A stream whose client reads nothing holds one message, and there may be many such streams. HTTP/2 tells a server how much of a stream
//! its client would take, but hyper does not pass that on.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Mutex, Notify};
use tokio::time::timeout;

use super::fair_share::{Share, Supply};

/// Pieces of a response below this size are not counted: all streams together hold few of them.
const COUNTED: usize = 16 * 1024;

/// How often a connection with calls that wait looks at the others.
const LOOK: Duration = Duration::from_secs(1);

/// The calls that wait on one connection.
#[derive(Debug)]
pub(super) struct Unread {
    bytes: Share,
    /// Of the call that looks for room. The others wait behind it: one wake-up for each connection, however many calls it has.
    first: Mutex<()>,
    freed: Notify,
}

impl Unread {
    pub(super) fn of(all: &Arc<Supply>) -> Arc<Self> {
        Arc::new(Self { bytes: Share::new(all), first: Mutex::default(), freed: Notify::new() })
    }

    /// `piece`, which counts until it is sent.
    pub(super) fn count(self: &Arc<Self>, piece: Bytes) -> Bytes {
        if piece.len() < COUNTED {
            return piece;
        }
        self.bytes.take(piece.len());
        Bytes::from_owner(Held { piece, unread: self.clone() })
    }

    /// Whether nothing that counts waits.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn has_room(&self) -> bool {
        self.bytes.has_room(0)
    }

    /// Waits until there is room.
    async fn room(self: Arc<Self>) {
        let _first = self.first.lock().await;
        while !self.has_room() {
            _ = timeout(LOOK, self.freed.notified()).await;
        }
    }
}

/// A piece of a response that is not sent yet.
struct Held {
    piece: Bytes,
    unread: Arc<Unread>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.piece
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.unread.bytes.give_back(self.piece.len());
        self.unread.freed.notify_one();
    }
}

/// Has one call wait while its connection has no room for more of its response.
pub(super) struct Turn {
    unread: Arc<Unread>,
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Turn {
    pub(super) fn new(unread: Arc<Unread>) -> Self {
        Self { unread, pause: None }
    }

    /// Waits until the call may make more of its response.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.pause.is_none() && self.unread.has_room() {
            return Poll::Ready(());
        }
        let pause = self.pause.get_or_insert_with(|| Box::pin(self.unread.clone().room()));
        ready!(pause.as_mut().poll(cx));
        self.pause = None;
        Poll::Ready(())
    }

    pub(super) fn count(&self, piece: Bytes) -> Bytes {
        self.unread.count(piece)
    }
}
