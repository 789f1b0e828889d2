//! Counts the bytes of responses that wait for clients to read them; has those calls wait that would add to too many.
//!
//! A stream whose client reads nothing holds one message, and there may be many such streams. HTTP/2 tells a server how much of a stream
//! its client would take, but hyper does not pass that on.

use bytes::Bytes;
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};

/// Pieces of a response below this size are not counted: all streams together hold few of them.
const COUNTED: usize = 16 * 1024;

/// How often a call that waits looks at the other connections.
const LOOK: Duration = Duration::from_secs(1);

/// What waits on all connections of a server.
#[derive(Debug)]
pub(super) struct Unread {
    limit: usize,
    bytes: AtomicUsize,
    connections: AtomicUsize,
}

impl Unread {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, bytes: AtomicUsize::new(0), connections: AtomicUsize::new(0) })
    }
}

/// What waits on one connection.
#[derive(Debug)]
pub(super) struct Share {
    all: Arc<Unread>,
    bytes: AtomicUsize,
    freed: Arc<Notify>,
}

impl Share {
    pub(super) fn of(all: &Arc<Unread>) -> Arc<Self> {
        all.connections.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self { all: all.clone(), bytes: AtomicUsize::new(0), freed: Arc::default() })
    }

    /// Whether the server holds too much, and this connection more of it than its fair share.
    fn is_used_up(&self) -> bool {
        let Unread { limit, bytes, connections } = &*self.all;
        bytes.load(Ordering::Relaxed) > *limit
            && self.bytes.load(Ordering::Relaxed) > limit / connections.load(Ordering::Relaxed).max(1)
    }

    /// `piece`, which counts until it is sent.
    pub(super) fn count(self: &Arc<Self>, piece: Bytes) -> Bytes {
        if piece.len() < COUNTED {
            return piece;
        }
        self.all.bytes.fetch_add(piece.len(), Ordering::Relaxed);
        self.bytes.fetch_add(piece.len(), Ordering::Relaxed);
        Bytes::from_owner(Held { piece, share: self.clone() })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.all.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A piece of a response that is not sent yet.
struct Held {
    piece: Bytes,
    share: Arc<Share>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.piece
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Share { all, bytes, freed } = &*self.share;
        all.bytes.fetch_sub(self.piece.len(), Ordering::Relaxed);
        bytes.fetch_sub(self.piece.len(), Ordering::Relaxed);
        freed.notify_waiters();
    }
}

/// Has one call wait while the share of its connection is used up.
pub(super) struct Turn {
    share: Arc<Share>,
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Turn {
    pub(super) fn new(share: Arc<Share>) -> Self {
        Self { share, pause: None }
    }

    /// Waits until the call may make more of its response.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.share.is_used_up() {
            let Some(pause) = &mut self.pause else {
                let freed = self.share.freed.clone().notified_owned();
                self.pause = Some(Box::pin(async { _ = timeout(LOOK, freed).await }));
                // What was freed before it listens is seen by another look.
                continue;
            };
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        Poll::Ready(())
    }

    pub(super) fn count(&self, piece: Bytes) -> Bytes {
        self.share.count(piece)
    }
}
