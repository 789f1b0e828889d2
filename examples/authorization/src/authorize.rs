//! Takes the token of a call; lets its caller in if the `.proto` of the method says so, and tells the handler who it is.

use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use rgrpc::Status;
use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::metadata::MetadataMap;
use serde::Deserialize;

use crate::caller::Caller;
use crate::keys::Keys;
use crate::proto::access::v1::Access;

/// The number of the extension `access.v1.access`.
const ACCESS: u32 = 50001;

/// The services that probes call without a token.
const HEALTH: &str = "/grpc.health.v1.Health/";

/// Lets calls in that have a token for the scope which the option `access.v1.access` of their method names.
///
/// The health service and methods that are public need no token. A method without the option is for nobody; one that is not described, as
/// those of reflection, for every caller with a token.
pub struct Authorize {
    keys: Keys,
    validation: Validation,
}

/// The claims of an issuer about a caller.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    scope: String,
}

impl Authorize {
    /// Lets in those who have a token of `issuer` for `audience`, signed by one of `keys`.
    #[must_use]
    pub fn new(issuer: &str, audience: &str, keys: Keys) -> Self {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Self { keys, validation }
    }

    async fn caller(&self, metadata: &MetadataMap) -> Result<Caller, Status> {
        let token = metadata.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let token = token.ok_or_else(|| Status::unauthenticated("a bearer token is needed"))?;
        let refused = |error| Status::unauthenticated(format!("the token is not valid: {error}"));
        let id = decode_header(token).map_err(refused)?.kid.unwrap_or_default();
        let key = self.keys.get(&id).await?;
        let Claims { sub: name, scope } = decode(token, &key, &self.validation).map_err(refused)?.claims;
        Ok(Caller { name, scopes: scope.split_whitespace().map(str::to_owned).collect() })
    }
}

impl Intercept for Authorize {
    async fn intercept(&self, mut head: Head, next: Next) -> Result<Answer, Status> {
        let access = access(&head)?;
        if access.public {
            return next.run(head).await;
        }
        let caller = self.caller(&head.metadata).await?;
        if head.method().is_some() && !caller.scopes.contains(&access.scope) {
            return Err(Status::permission_denied(format!("{} is not for {}", head.path(), caller.name)));
        }
        head.extensions.insert(caller);
        next.run(head).await
    }
}

/// Who may make a call.
fn access(head: &Head) -> Result<Access, Status> {
    if head.path().starts_with(HEALTH) {
        return Ok(Access { public: true, ..Access::default() });
    }
    let Some(method) = head.method() else { return Ok(Access::default()) };
    let access = method.custom_options().message::<Access>(ACCESS);
    let access = access.map_err(|error| Status::internal(format!("access of {}: {error}", method.path())))?;
    Ok(access.unwrap_or_default())
}
