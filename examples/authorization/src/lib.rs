//! A library for callers that it knows. Each part of that is an interceptor, in a file of its own:
//!
//! | | |
//! |---|---|
//! | [`authorize`] | server: the caller of a token, and the scope that a method's `.proto` asks for |
//! | [`bearer`] | client: attaches a token, and gets another one when it is needed |
//! | [`certificate`] | server: the caller by the certificate of its client |
//! | [`quota`] | server: so many calls for each caller |
//! | [`request_id`] | both: an id for each call, from one service to the next |
//! | [`shed`] | server: so many calls of each method at once |

pub mod authorize;
pub mod bearer;
pub mod caller;
pub mod certificate;
pub mod keys;
pub mod quota;
pub mod request_id;
pub mod shed;

use std::num::NonZeroU32;
use std::time::Duration;

use governor::Quota;
use rgrpc::intercept::{self, Chain};
use rgrpc::serve::Serve;
use rgrpc::{Request, Response, Status};

use authorize::Authorize;
use caller::Caller;
use keys::Keys;
use proto::library::v1::library_service_methods::SERVICE;
use proto::library::v1::library_service_server::{LibraryService, LibraryServiceServer};
use proto::library::v1::{
    AddBookRequest, AddBookResponse, GetBookRequest, GetBookResponse, RemoveBookRequest, RemoveBookResponse,
};
use quota::Quotas;
use request_id::RequestIds;
use shed::Shed;

/// The generated code.
pub mod proto {
    rgrpc::include_protos!();
}

/// Of each caller.
const CALLS_PER_SECOND: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// Who gives out tokens for the library.
pub const ISSUER: &str = "https://issuer.test";
/// Whom those tokens are for.
pub const AUDIENCE: &str = "library";

/// The library at `address`. Around all services there, health included, are request ids and tokens; around the library alone, the
/// quotas of callers who are known by then, and places for the calls of each method.
pub fn server(address: &str, keys: Keys) -> Serve {
    let library = LibraryServiceServer::new(Library)
        .intercept(Quotas::new(Quota::per_second(CALLS_PER_SECOND)))
        .intercept(Shed::new(&SERVICE, 64, Duration::from_millis(100)));
    let around = Chain::new().with(RequestIds).with(Authorize::new(ISSUER, AUDIENCE, keys));
    rgrpc::serve(address).service(library).health().layer(intercept::layer(around).describe(&SERVICE))
}

/// A library that has every book.
pub struct Library;

impl LibraryService for Library {
    async fn get_book(&self, request: Request<GetBookRequest>) -> Result<Response<GetBookResponse>, Status> {
        Ok(Response::new(GetBookResponse { title: request.into_inner().title }))
    }

    async fn add_book(&self, request: Request<AddBookRequest>) -> Result<Response<AddBookResponse>, Status> {
        let caller = Caller::of(request.extensions())?;
        Ok(Response::new(AddBookResponse { added_by: caller.name.clone() }))
    }

    async fn remove_book(&self, _: Request<RemoveBookRequest>) -> Result<Response<RemoveBookResponse>, Status> {
        Ok(Response::new(RemoveBookResponse {}))
    }
}
