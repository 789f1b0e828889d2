//! A call in; out it goes to its handler only if the `.proto` file lets the caller's role in.

use proto::access::v1::Access;
use proto::library::v1::library_service_server::LibraryService;
use proto::library::v1::{
    AddBookRequest, AddBookResponse, GetBookRequest, GetBookResponse, RemoveBookRequest, RemoveBookResponse,
};
use rgrpc::{MethodDescriptor, Request, Response, Status};

/// The generated code.
pub mod proto {
    rgrpc::include_protos!();
}

/// The number of the extension `access.v1.access`.
const ACCESS: u32 = 50001;

/// Lets a call pass if its method is public or asks for the role that stands in the metadata `role`.
///
/// A method without the option is for nobody. A real server would take the role out of a token that it has checked.
///
/// # Errors
///
/// `UNAUTHENTICATED` without a role, `PERMISSION_DENIED` with one that the method does not ask for.
pub fn authorize(request: Request<()>) -> Result<Request<()>, Status> {
    // What the server does not have is answered with UNIMPLEMENTED after this.
    let Some(method) = MethodDescriptor::of(request.extensions()) else { return Ok(request) };
    let access = method.custom_options().message::<Access>(ACCESS);
    let access = access.map_err(|error| Status::internal(format!("access of {}: {error}", method.path())))?;
    let Access { public, roles } = access.unwrap_or_default();
    let role = request.metadata().get("role").and_then(|role| role.to_str().ok());
    match role {
        _ if public => Ok(request),
        None => Err(Status::unauthenticated(format!("{} needs a role", method.name()))),
        Some(role) if roles.iter().any(|allowed| allowed == role) => Ok(request),
        Some(role) => Err(Status::permission_denied(format!("{} is not for the role {role}", method.name()))),
    }
}

/// A library that has every book.
pub struct Library;

impl LibraryService for Library {
    async fn get_book(&self, request: Request<GetBookRequest>) -> Result<Response<GetBookResponse>, Status> {
        Ok(Response::new(GetBookResponse { title: request.into_inner().title }))
    }

    async fn add_book(&self, _: Request<AddBookRequest>) -> Result<Response<AddBookResponse>, Status> {
        Ok(Response::new(AddBookResponse {}))
    }

    async fn remove_book(&self, _: Request<RemoveBookRequest>) -> Result<Response<RemoveBookResponse>, Status> {
        Ok(Response::new(RemoveBookResponse {}))
    }
}
