//! Boxed streams of messages.

use std::pin::Pin;
use std::sync::Mutex;

use futures_core::Stream;
use tonic::Status;

/// A stream of messages, up to the status that it may end with.
pub(crate) type MessageStream<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A [`MessageStream`] that is `Sync`: the mutex is never locked.
pub(crate) type SyncMessageStream<T> = Mutex<MessageStream<T>>;
