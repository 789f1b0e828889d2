//! A client interceptor that attaches a bearer token, and renews it before it expires or after a server rejects it.

use std::pin::Pin;
use std::time::Duration;

use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::metadata::AsciiMetadataValue;
use rgrpc::{Code, Status};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The time before a token's expiry at which it is renewed.
const MARGIN: Duration = Duration::from_secs(30);

/// A token from an issuer.
pub struct Token {
    /// The token itself.
    pub text: String,
    /// The time for which the token is valid.
    pub lifetime: Duration,
}

type Fetch = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Token, Status>> + Send>> + Send + Sync>;

/// Attaches a bearer token to each call.
///
/// Concurrent calls that need a new token share one request to the issuer. A call that fails with `UNAUTHENTICATED` is retried once with a new
/// token, if its requests can be sent again.
pub struct Bearer {
    fetch: Fetch,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    token: Option<CachedToken>,
    /// The time and the error of the last failed request to the issuer.
    failure: Option<(Instant, Status)>,
}

struct CachedToken {
    header: AsciiMetadataValue,
    renew_at: Instant,
}

impl Bearer {
    /// Attaches the tokens that `fetch` requests from the issuer.
    pub fn new<F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Token, Status>> + Send + 'static,
    {
        Self { fetch: Box::new(move || Box::pin(fetch())), cache: Mutex::default() }
    }

    /// The header with a valid token other than the `rejected` one.
    async fn header(&self, rejected: Option<&AsciiMetadataValue>) -> Result<AsciiMetadataValue, Status> {
        let called_at = Instant::now();
        let mut cache = self.cache.lock().await;
        if let Some(CachedToken { header, renew_at }) = &cache.token
            && Some(header) != rejected
            && Instant::now() < *renew_at
        {
            return Ok(header.clone());
        }
        // The issuer has failed while this call waited for the lock.
        if let Some((_, status)) = cache.failure.as_ref().filter(|(failed_at, _)| *failed_at > called_at) {
            return Err(status.clone());
        }
        let Token { text, lifetime } = match (self.fetch)().await {
            Ok(token) => token,
            Err(status) => {
                cache.failure = Some((Instant::now(), status.clone()));
                return Err(status);
            }
        };
        let header = AsciiMetadataValue::try_from(format!("Bearer {text}"));
        let mut header = header.map_err(|_| Status::internal("the token is not ASCII"))?;
        header.set_sensitive(true);
        let renew_at = Instant::now() + lifetime.saturating_sub(MARGIN);
        cache.token = Some(CachedToken { header: header.clone(), renew_at });
        Ok(header)
    }
}

impl Intercept for Bearer {
    async fn intercept(&self, mut head: Head, next: Next) -> Result<Answer, Status> {
        let header = self.header(None).await?;
        head.metadata.insert("authorization", header.clone());
        match next.clone().run(head.clone()).await {
            Err(status) if status.code() == Code::Unauthenticated && next.can_run_again() => {
                head.metadata.insert("authorization", self.header(Some(&header)).await?);
                next.run(head).await
            }
            outcome => outcome,
        }
    }
}
