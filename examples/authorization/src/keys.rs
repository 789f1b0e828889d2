//! A cache of the public keys of an issuer, which may rotate them at any time.

use std::collections::HashMap;
use std::pin::Pin;
use std::time::Duration;

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use rgrpc::Status;
use tokio::sync::{Mutex, RwLock};
use tokio::time::Instant;

/// The longest time for which a withdrawn key is trusted.
const MAX_AGE: Duration = Duration::from_secs(300);
/// The shortest time between two requests to the issuer, so that tokens with invented key ids cannot cause more.
const MIN_AGE: Duration = Duration::from_secs(10);

type Fetch = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<JwkSet, Status>> + Send>> + Send + Sync>;

/// The public keys of an issuer.
pub struct Keys {
    fetch: Fetch,
    cache: RwLock<Cache>,
    fetching: Mutex<()>,
}

#[derive(Default)]
struct Cache {
    keys: HashMap<String, DecodingKey>,
    fetched_at: Option<Instant>,
    /// The time and the error of the last failed request to the issuer.
    failure: Option<(Instant, Status)>,
}

impl Cache {
    fn key(&self, id: &str) -> Result<DecodingKey, Status> {
        let unknown = || Status::unauthenticated(format!("the issuer has no key `{}`", id.escape_debug()));
        self.keys.get(id).cloned().ok_or_else(unknown)
    }

    /// The result of looking up a key; `None` if the cache is too old for it, and the issuer has to be asked.
    fn fresh(&self, id: &str) -> Option<Result<DecodingKey, Status>> {
        let key = self.key(id);
        let max_age = if key.is_ok() { MAX_AGE } else { MIN_AGE };
        self.fetched_at.is_some_and(|fetched_at| fetched_at.elapsed() < max_age).then_some(key)
    }
}

impl Keys {
    /// Caches the keys that `fetch` requests from the issuer, usually from its `jwks_uri`.
    pub fn new<F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<JwkSet, Status>> + Send + 'static,
    {
        Self { fetch: Box::new(move || Box::pin(fetch())), cache: RwLock::default(), fetching: Mutex::default() }
    }

    /// Returns the key with this id, and asks the issuer if the cache does not have it.
    ///
    /// # Errors
    ///
    /// Returns `UNAUTHENTICATED` if the issuer has no such key, or the error of the request to the issuer.
    pub async fn get(&self, id: &str) -> Result<DecodingKey, Status> {
        let cached = self.cache.read().await.fresh(id);
        match cached {
            Some(key) => key,
            None => self.fetch(id).await,
        }
    }

    /// Asks the issuer once for all concurrent calls, which share its answer or its error.
    async fn fetch(&self, id: &str) -> Result<DecodingKey, Status> {
        let called_at = Instant::now();
        let _fetching = self.fetching.lock().await;
        {
            let cache = self.cache.read().await;
            if let Some(key) = cache.fresh(id) {
                return key;
            }
            if let Some((_, status)) = cache.failure.as_ref().filter(|(failed_at, _)| *failed_at > called_at) {
                return Err(status.clone());
            }
        }
        match (self.fetch)().await {
            Ok(set) => {
                let fetched = Cache::from(&set);
                let key = fetched.key(id);
                *self.cache.write().await = fetched;
                key
            }
            Err(status) => {
                self.cache.write().await.failure = Some((Instant::now(), status.clone()));
                Err(status)
            }
        }
    }
}

impl From<&JwkSet> for Cache {
    fn from(set: &JwkSet) -> Self {
        let keys = set.keys.iter();
        let keys = keys.filter_map(|key| Some((key.common.key_id.clone()?, DecodingKey::from_jwk(key).ok()?)));
        Self { keys: keys.collect(), fetched_at: Some(Instant::now()), failure: None }
    }
}
