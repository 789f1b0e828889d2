//! A caller's token: put into requests by the client, exchanged for a name by the server.

use tonic::metadata::errors::InvalidMetadataValue;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::{Request, Status};

/// Adds a token to every request.
#[derive(Debug, Clone)]
pub struct AddToken(MetadataValue<Ascii>);

impl AddToken {
    /// Fails if HTTP/2 cannot carry the token.
    pub fn new(token: &str) -> Result<Self, InvalidMetadataValue> {
        Ok(Self(format!("Bearer {token}").parse()?))
    }
}

impl Interceptor for AddToken {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// Who calls, as the server knows it.
#[derive(Debug, Clone)]
pub struct Caller(pub String);

impl Caller {
    pub fn of<T>(request: &Request<T>) -> Result<Self, Status> {
        request.extensions().get().cloned().ok_or_else(|| Status::internal("nobody checked the token"))
    }
}

/// Lets requests pass that have a token, and says whose it is.
pub fn check_token(mut request: Request<()>) -> Result<Request<()>, Status> {
    let header = request.metadata().get("authorization").and_then(|value| value.to_str().ok());
    let caller = match header.and_then(|header| header.strip_prefix("Bearer ")) {
        Some("token-of-ada") => Caller("ada".to_owned()),
        Some(_) => return Err(Status::permission_denied("nobody has this token")),
        None => return Err(Status::unauthenticated("send the metadata `authorization: Bearer <token>`")),
    };
    request.extensions_mut().insert(caller);
    Ok(request)
}
