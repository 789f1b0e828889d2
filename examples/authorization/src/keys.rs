//! Takes the id of a key; gives the key, out of the set that its issuer publishes and changes at any time.

use std::collections::HashMap;
use std::pin::Pin;
use std::time::Duration;

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use rgrpc::Status;
use tokio::sync::{Mutex, RwLock};
use tokio::time::Instant;

/// A key that was withdrawn is trusted so long at most.
const MAX_AGE: Duration = Duration::from_secs(300);
/// Tokens with made-up ids make nobody ask the issuer more often.
const MIN_AGE: Duration = Duration::from_secs(10);

type Fetch = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<JwkSet, Status>> + Send>> + Send + Sync>;

/// The public keys of an issuer.
pub struct Keys {
    fetch: Fetch,
    known: RwLock<Known>,
    fetching: Mutex<()>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, DecodingKey>,
    since: Option<Instant>,
    /// When the issuer could not be asked last, and why.
    failed: Option<(Instant, Status)>,
}

impl Known {
    fn key(&self, id: &str) -> Result<DecodingKey, Status> {
        let unknown = || Status::unauthenticated(format!("the issuer has no key `{}`", id.escape_debug()));
        self.keys.get(id).cloned().ok_or_else(unknown)
    }

    /// The key with an id, or that there is none; nothing if the issuer is to be asked.
    fn recent(&self, id: &str) -> Option<Result<DecodingKey, Status>> {
        let key = self.key(id);
        let age = if key.is_ok() { MAX_AGE } else { MIN_AGE };
        self.since.is_some_and(|since| since.elapsed() < age).then_some(key)
    }
}

impl Keys {
    /// The keys that `fetch` gets from the issuer: a request for its `jwks_uri`, as a rule.
    pub fn new<F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<JwkSet, Status>> + Send + 'static,
    {
        Self { fetch: Box::new(move || Box::pin(fetch())), known: RwLock::default(), fetching: Mutex::default() }
    }

    /// The key with an `id`, which is fetched if it is not known.
    ///
    /// # Errors
    ///
    /// `UNAUTHENTICATED` if the issuer does not have it, and its error if it cannot be asked.
    pub async fn get(&self, id: &str) -> Result<DecodingKey, Status> {
        let known = self.known.read().await.recent(id);
        match known {
            Some(key) => key,
            None => self.fetch(id).await,
        }
    }

    /// Those who need the keys at the same time wait for the same answer, also for that there is none.
    async fn fetch(&self, id: &str) -> Result<DecodingKey, Status> {
        let asked = Instant::now();
        let _fetching = self.fetching.lock().await;
        {
            let known = self.known.read().await;
            if let Some(key) = known.recent(id) {
                return key;
            }
            if let Some((_, status)) = known.failed.as_ref().filter(|(when, _)| *when > asked) {
                return Err(status.clone());
            }
        }
        match (self.fetch)().await {
            Ok(set) => {
                let fetched = read(&set);
                let key = fetched.key(id);
                *self.known.write().await = fetched;
                key
            }
            Err(status) => {
                self.known.write().await.failed = Some((Instant::now(), status.clone()));
                Err(status)
            }
        }
    }
}

fn read(set: &JwkSet) -> Known {
    let keys = set.keys.iter().filter_map(|key| Some((key.common.key_id.clone()?, DecodingKey::from_jwk(key).ok()?)));
    Known { keys: keys.collect(), since: Some(Instant::now()), failed: None }
}
