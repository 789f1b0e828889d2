//! The head of a call: metadata, extensions and deadline, on either side.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use http::uri::PathAndQuery;
use tonic::Extensions;
use tonic::metadata::MetadataMap;

use super::{OnAttempt, OnMessage, Peer};
use crate::descriptor::CallDescriptor;
use crate::{Deadline, MethodDescriptor, ServiceDescriptor};

/// The head of a call, which interceptors can change. It dereferences to its public fields, [`Parts`].
///
/// Clone it to run a call again.
#[derive(Clone)]
pub struct Head(Box<Parts>);

/// The fields of a [`Head`].
#[derive(Clone)]
pub struct Parts {
    /// The metadata of the request.
    pub metadata: MetadataMap,
    /// Values for the interceptors further inside; then, on a server, for the handler, and on a client, for layers and a server in the same
    /// process.
    pub extensions: Extensions,
    /// The deadline of the call. Interceptors can only make it earlier: a later one has no effect.
    pub deadline: Option<Deadline>,
    pub(super) descriptor: CallDescriptor,
    /// The path of the request, if its descriptor is unknown.
    pub(super) path: Option<Box<PathAndQuery>>,
    /// The target of the channel.
    pub(crate) target: Option<Arc<str>>,
    /// Whether the other side is known to be in this process.
    pub(super) is_local: bool,
    pub(crate) observers: Observers,
    /// Whether a policy may send the call more than once.
    #[cfg(feature = "tracing")]
    pub(crate) repeats: bool,
}

/// The observers of a running call.
#[derive(Clone, Default)]
pub(crate) struct Observers {
    /// Observes each request.
    pub(crate) request: OnMessage,
    /// On a server, observes each request on the wire.
    pub(crate) received: OnMessage,
    /// Observes each attempt.
    pub(crate) attempt: OnAttempt,
}

impl Head {
    pub(super) fn new(
        metadata: MetadataMap,
        extensions: Extensions,
        descriptor: CallDescriptor,
        deadline: Option<Deadline>,
    ) -> Self {
        Self(Box::new(Parts {
            metadata,
            extensions,
            deadline,
            descriptor,
            path: None,
            target: None,
            is_local: false,
            observers: Observers::default(),
            #[cfg(feature = "tracing")]
            repeats: false,
        }))
    }

    pub(crate) fn into_parts(self) -> Parts {
        *self.0
    }

    /// The descriptor of the method; `None` if the server does not have it.
    #[must_use]
    pub fn method(&self) -> Option<&'static MethodDescriptor> {
        self.descriptor.method
    }

    /// The descriptor of the service; `None` on a channel without [`for_service`](crate::Channel::for_service), which generated clients call.
    #[must_use]
    pub fn service(&self) -> Option<&'static ServiceDescriptor> {
        self.descriptor.service
    }

    /// The path of the method, `/user.v1.UserService/GetUser`, whether the server has it or not.
    #[must_use]
    pub fn path(&self) -> &str {
        match (self.descriptor.method, &self.path) {
            (Some(method), _) => method.path(),
            (None, Some(path)) => path.as_str(),
            (None, None) => "",
        }
    }

    /// The name of the server that a client calls: that of `Channel::target` with its scheme, such as `dns:///users.prod:443`; the URI of
    /// [`Channel::connect`](crate::Channel::connect); or `inproc:` for a server in the same process. `None` on a server, and on a channel over
    /// another tower service.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// The other side: on a server, the client; on a client, a server in the same process. `None` if it is unknown, such as on a client whose
    /// connection is not chosen yet.
    #[must_use]
    pub fn peer(&self) -> Option<Peer> {
        Peer::of(&self.extensions).or(self.is_local.then_some(Peer::InProcess))
    }
}

impl Deref for Head {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for Head {
    fn deref_mut(&mut self) -> &mut Parts {
        &mut self.0
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head")
            .field("path", &self.path())
            .field("metadata", &self.metadata)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("metadata", &self.metadata)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
