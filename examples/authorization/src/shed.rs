//! A server interceptor that sheds load: it limits the concurrent calls of each method, and rejects calls that wait too long.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::{ServiceDescriptor, Status};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Limits the concurrent calls of each method of a service, so that a slow method does not starve the others.
pub struct Shed {
    methods: HashMap<&'static str, Arc<Semaphore>>,
    max_wait: Duration,
}

impl Shed {
    /// Lets `limit` calls of each method of `service` run at once. Calls that would wait for longer than `max_wait` fail with `UNAVAILABLE`, so
    /// that clients try another server.
    #[must_use]
    pub fn new(service: &ServiceDescriptor, limit: usize, max_wait: Duration) -> Self {
        let methods = service.methods().iter().map(|method| (method.path(), Arc::new(Semaphore::new(limit))));
        Self { methods: methods.collect(), max_wait }
    }
}

impl Intercept for Shed {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        let Some(permits) = self.methods.get(head.path()).cloned() else { return next.run(head).await };
        match timeout(self.max_wait, permits.acquire_owned()).await {
            // A streaming call keeps its permit until the stream ends.
            Ok(Ok(permit)) => next.run(head).on_end(move |_| drop(permit)).await,
            _ => Err(Status::unavailable(format!("too many concurrent calls of {}", head.path()))),
        }
    }
}
