//! The token of a caller: the client attaches it to requests, and the server looks up the caller's name.

use tonic::metadata::errors::InvalidMetadataValue;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::{Request, Status};

/// Attaches a token to every request.
#[derive(Debug, Clone)]
pub struct AddToken(MetadataValue<Ascii>);

impl AddToken {
    /// Returns an error if the token is not a valid HTTP header value.
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

/// The authenticated caller.
#[derive(Debug, Clone)]
pub struct Caller(pub String);

impl Caller {
    pub fn of<T>(request: &Request<T>) -> Result<Self, Status> {
        request.extensions().get().cloned().ok_or_else(|| Status::internal("the token was not checked"))
    }
}

/// Accepts requests with a valid token, and adds the caller to their extensions.
pub fn check_token(mut request: Request<()>) -> Result<Request<()>, Status> {
    let header = request.metadata().get("authorization").and_then(|value| value.to_str().ok());
    let caller = match header.and_then(|header| header.strip_prefix("Bearer ")) {
        Some("token-of-ada") => Caller("ada".to_owned()),
        Some(_) => return Err(Status::permission_denied("the token is unknown")),
        None => return Err(Status::unauthenticated("send the metadata `authorization: Bearer <token>`")),
    };
    request.extensions_mut().insert(caller);
    Ok(request)
}
