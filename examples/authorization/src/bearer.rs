//! Gives the calls of a client a token, and another one when that has expired or is refused.

use std::pin::Pin;
use std::time::Duration;

use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::metadata::AsciiMetadataValue;
use rgrpc::{Code, Status};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A token is renewed so long before it expires.
const MARGIN: Duration = Duration::from_secs(30);

/// A token, as its issuer gives it out.
pub struct Token {
    /// The token itself.
    pub text: String,
    /// How long it is valid.
    pub lifetime: Duration,
}

type Fetch = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Token, Status>> + Send>> + Send + Sync>;

/// Sends a bearer token with each call. Calls that need another one at the same time wait for the same; a call that is refused as
/// `UNAUTHENTICATED` is made once more, with a new one, if its requests can be sent again.
pub struct Bearer {
    fetch: Fetch,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    current: Option<Current>,
    /// When the issuer gave no token last, and why.
    failed: Option<(Instant, Status)>,
}

struct Current {
    header: AsciiMetadataValue,
    renew: Instant,
}

impl Bearer {
    /// Sends the tokens that `fetch` gets from their issuer.
    pub fn new<F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Token, Status>> + Send + 'static,
    {
        Self { fetch: Box::new(move || Box::pin(fetch())), known: Mutex::default() }
    }

    /// A header with a token that is valid, and is not the one that was `refused`.
    async fn header(&self, refused: Option<&AsciiMetadataValue>) -> Result<AsciiMetadataValue, Status> {
        let asked = Instant::now();
        let mut known = self.known.lock().await;
        if let Some(Current { header, renew }) = &known.current
            && Some(header) != refused
            && Instant::now() < *renew
        {
            return Ok(header.clone());
        }
        if let Some((_, status)) = known.failed.as_ref().filter(|(when, _)| *when > asked) {
            return Err(status.clone());
        }
        let Token { text, lifetime } = match (self.fetch)().await {
            Ok(token) => token,
            Err(status) => {
                known.failed = Some((Instant::now(), status.clone()));
                return Err(status);
            }
        };
        let header = AsciiMetadataValue::try_from(format!("Bearer {text}"));
        let mut header = header.map_err(|_| Status::internal("the token is not ASCII"))?;
        header.set_sensitive(true);
        known.current =
            Some(Current { header: header.clone(), renew: Instant::now() + lifetime.saturating_sub(MARGIN) });
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
