//! A library service that authenticates its callers. Each concern is an interceptor in a file of its own:
//!
//! | module | side | task |
//! |---|---|---|
//! | [`authorize`] | server | authenticates callers by token, and checks the scope that the method requires |
//! | [`bearer`] | client | attaches a token, and renews it |
//! | [`certificate`] | server | authenticates callers by client certificate |
//! | [`quota`] | server | limits the rate of calls per caller |
//! | [`request_id`] | both | gives each call an id, and propagates it |
//! | [`shed`] | server | limits the concurrent calls per method |

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

/// The quota of each caller.
const CALLS_PER_SECOND: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// The issuer of the tokens that the library accepts.
pub const ISSUER: &str = "https://issuer.test";
/// The audience of those tokens.
pub const AUDIENCE: &str = "library";

/// A server for the library at `address`.
///
/// Request ids and tokens apply to all services, including health. Quotas and limits apply to the library alone, inside of the others, so that
/// callers are authenticated before they are counted.
pub fn server(address: &str, keys: Keys) -> Serve {
    let library = LibraryServiceServer::new(Library)
        .intercept(Quotas::new(Quota::per_second(CALLS_PER_SECOND)))
        .intercept(Shed::new(&SERVICE, 64, Duration::from_millis(100)));
    let around = Chain::new().with(RequestIds).with(Authorize::new(ISSUER, AUDIENCE, keys));
    rgrpc::serve(address).service(library).health().layer(intercept::layer(around).describe(&SERVICE))
}

/// A library that has all books.
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
