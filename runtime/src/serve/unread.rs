//! Counts the bytes of responses that wait for clients to read them, and pauses the calls of a connection on which too many wait.
//!
//! A stream whose client reads nothing holds one message, and there may be many such streams. HTTP/2's flow control tells a server how many
//! bytes a client accepts, but hyper does not pass that on.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Mutex, Notify};
use tokio::time::timeout;

use super::fair_share::{Share, Supply};

/// Smaller pieces do not count towards the limit, as all streams together hold little of them.
const SMALL: usize = 16 * 1024;

/// How often a connection with paused calls checks whether other connections have freed some room.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The unread responses of one connection.
#[derive(Debug)]
pub(super) struct Unread {
    /// All pieces.
    pieces: AtomicUsize,
    /// The bytes of those that are not small.
    bytes: Share,
    /// Locked by the call that waits for room; the others wait for the lock, so that only one call of each connection is woken.
    first: Mutex<()>,
    freed: Notify,
}

impl Unread {
    pub(super) fn of(all: &Arc<Supply>) -> Arc<Self> {
        let (pieces, bytes) = (AtomicUsize::new(0), Share::new(all));
        Arc::new(Self { pieces, bytes, first: Mutex::default(), freed: Notify::new() })
    }

    /// Counts `piece` until it is sent, which drops it.
    pub(super) fn count(self: &Arc<Self>, piece: Bytes) -> Bytes {
        self.pieces.fetch_add(1, Relaxed);
        if piece.len() >= SMALL {
            self.bytes.take(piece.len());
        }
        Bytes::from_owner(CountedPiece { piece, unread: self.clone() })
    }

    /// Whether all pieces are sent.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.load(Relaxed) == 0
    }

    fn has_room(&self) -> bool {
        self.bytes.has_room(0)
    }

    /// Waits until there is room.
    async fn room(self: Arc<Self>) {
        let _first = self.first.lock().await;
        while !self.has_room() {
            _ = timeout(CHECK_INTERVAL, self.freed.notified()).await;
        }
    }
}

/// A piece of a response that is counted until it is dropped.
struct CountedPiece {
    piece: Bytes,
    unread: Arc<Unread>,
}

impl AsRef<[u8]> for CountedPiece {
    fn as_ref(&self) -> &[u8] {
        &self.piece
    }
}

impl Drop for CountedPiece {
    fn drop(&mut self) {
        let Self { piece, unread } = self;
        if piece.len() >= SMALL {
            unread.bytes.give_back(piece.len());
            unread.freed.notify_one();
        }
        unread.pieces.fetch_sub(1, Relaxed);
    }
}

/// Pauses one call while its connection has no room for more of its response.
pub(super) struct Backpressure {
    unread: Arc<Unread>,
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Backpressure {
    pub(super) fn new(unread: Arc<Unread>) -> Self {
        Self { unread, pause: None }
    }

    /// Ready once the call may make more of its response.
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
