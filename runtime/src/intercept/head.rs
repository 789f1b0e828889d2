//! The head of a call, before it runs, on either side.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use http::uri::PathAndQuery;
use tonic::Extensions;
use tonic::metadata::MetadataMap;

use super::{OnAttempt, OnMessage, Peer};
use crate::descriptor::CallDescriptor;
use crate::{Deadline, MethodDescriptor, ServiceDescriptor};

/// The head of a call before it runs, whose public fields an interceptor can change: it has the fields of [`Parts`].
///
/// A clone serves to run a call again.
#[derive(Clone)]
pub struct Head(Box<Parts>);

/// The parts of a [`Head`], behind one pointer: it passes from each interceptor to the next.
#[derive(Clone)]
pub struct Parts {
    /// The metadata of the request.
    pub metadata: MetadataMap,
    /// Values for the interceptors further inside, and then, on a server, for the handler; on a client, for the layers under the channel,
    /// and for a server in the same process.
    pub extensions: Extensions,
    /// When the call must be over. It can be brought forward here, and not put off.
    pub deadline: Option<Deadline>,
    pub(super) descriptor: CallDescriptor,
    /// The path of the request, where no descriptor is known.
    pub(super) path: Option<Box<PathAndQuery>>,
    /// The target of the channel.
    pub(crate) target: Option<Arc<str>>,
    /// Whether the other side is in this process, as far as is known without the extensions.
    pub(super) is_local: bool,
    pub(crate) observers: Observers,
    /// Whether a policy lets the call be made more than once.
    #[cfg(feature = "tracing")]
    pub(crate) repeats: bool,
}

/// The observers of a call as it runs.
#[derive(Clone, Default)]
pub(crate) struct Observers {
    /// Of each request.
    pub(crate) request: OnMessage,
    /// Of each request, on a server, as it is on the wire.
    pub(crate) received: OnMessage,
    /// Of each attempt.
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

    /// The method; `None` on a server that does not have it.
    #[must_use]
    pub fn method(&self) -> Option<&'static MethodDescriptor> {
        self.descriptor.method
    }

    /// The service; `None` on a channel that was not made [for one](crate::Channel::for_service), as that of a client is.
    #[must_use]
    pub fn service(&self) -> Option<&'static ServiceDescriptor> {
        self.descriptor.service
    }

    /// The path that the call names its method by, `/user.v1.UserService/GetUser`, whether there is such a method or not.
    #[must_use]
    pub fn path(&self) -> &str {
        match (self.descriptor.method, &self.path) {
            (Some(method), _) => method.path(),
            (None, Some(path)) => path.as_str(),
            (None, None) => "",
        }
    }

    /// The name of the servers that a client calls: `dns:///users.prod:443` of a channel from `Channel::target`, with its scheme; the URI that
    /// [`Channel::connect`](crate::Channel::connect) was given; `inproc:` of a server in the same process. `None` on a server, and over
    /// a tower service of your own.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// The other side: on a server, the client; on a client, a server in the same process. `None` if it is not known, as on a client
    /// whose connection is still to be chosen.
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
