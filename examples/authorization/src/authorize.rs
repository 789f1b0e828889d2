//! A server interceptor that authenticates callers by their token, and authorizes them by a custom option of the method.

use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use rgrpc::Status;
use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::metadata::MetadataMap;
use serde::Deserialize;

use crate::caller::Caller;
use crate::keys::Keys;
use crate::proto::access::v1::Access;

/// The field number of the extension `access.v1.access`.
const ACCESS: u32 = 50001;

/// The health service, which probes call without a token.
const HEALTH: &str = "/grpc.health.v1.Health/";

/// Accepts calls whose token has the scope that the option `access.v1.access` of their method requires.
///
/// Public methods and the health service need no token. A method without the option rejects all callers. A method without a descriptor, such
/// as that of reflection, accepts every valid token.
pub struct Authorize {
    keys: Keys,
    validation: Validation,
}

/// The claims of a token.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    scope: String,
}

impl Authorize {
    /// Accepts tokens that `issuer` issued for `audience` and signed with one of `keys`.
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
        let token = token.ok_or_else(|| Status::unauthenticated("a bearer token is required"))?;
        let invalid = |error| Status::unauthenticated(format!("the token is invalid: {error}"));
        let id = decode_header(token).map_err(invalid)?.kid.unwrap_or_default();
        let key = self.keys.get(&id).await?;
        let Claims { sub: name, scope } = decode(token, &key, &self.validation).map_err(invalid)?.claims;
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
            return Err(Status::permission_denied(format!("{} may not call {}", caller.name, head.path())));
        }
        head.extensions.insert(caller);
        next.run(head).await
    }
}

/// The access rule of a call.
fn access(head: &Head) -> Result<Access, Status> {
    if head.path().starts_with(HEALTH) {
        return Ok(Access { public: true, ..Access::default() });
    }
    let Some(method) = head.method() else { return Ok(Access::default()) };
    let access = method.custom_options().message::<Access>(ACCESS);
    let access = access.map_err(|error| Status::internal(format!("access of {}: {error}", method.path())))?;
    Ok(access.unwrap_or_default())
}
