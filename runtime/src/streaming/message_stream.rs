//! Streams of messages of any type.

use std::pin::Pin;
use std::sync::Mutex;

use futures_core::Stream;
use tonic::Status;

/// Messages, up to the status that they may end with.
pub(crate) type MessageStream<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// The mutex is never locked; it makes a stream `Sync`, which [`MessageStream`] need not be.
pub(crate) type Unshared<T> = Mutex<MessageStream<T>>;
