//! Lets so many calls of a method run at once; others wait a little, and are turned away.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::{ServiceDescriptor, Status};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Limits how many calls of each method of a service run at once, so that a slow one does not take what the others need.
pub struct Shed {
    methods: HashMap<&'static str, Arc<Semaphore>>,
    patience: Duration,
}

impl Shed {
    /// Lets `limit` calls of each method of `service` run at once. Those that would wait for longer than `patience` end with
    /// `UNAVAILABLE`, so that their clients try another server.
    #[must_use]
    pub fn new(service: &ServiceDescriptor, limit: usize, patience: Duration) -> Self {
        let methods = service.methods().iter().map(|method| (method.path(), Arc::new(Semaphore::new(limit))));
        Self { methods: methods.collect(), patience }
    }
}

impl Intercept for Shed {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        let Some(places) = self.methods.get(head.path()).cloned() else { return next.run(head).await };
        match timeout(self.patience, places.acquire_owned()).await {
            // A stream of responses has its place up to its end.
            Ok(Ok(place)) => next.run(head).on_end(move |_| drop(place)).await,
            _ => Err(Status::unavailable(format!("too many calls of {}", head.path()))),
        }
    }
}
