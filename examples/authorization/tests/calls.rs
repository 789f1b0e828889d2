//! Every method, called by each role.

use authorization::proto::library::v1::library_service_client::LibraryServiceClient;
use authorization::proto::library::v1::library_service_server::LibraryServiceServer;
use authorization::proto::library::v1::{AddBookRequest, GetBookRequest, RemoveBookRequest};
use authorization::{Library, authorize};
use rgrpc::Code::{Ok, PermissionDenied, Unauthenticated};
use rgrpc::{Code, Request};

fn request<T: Default>(role: Option<&'static str>) -> Request<T> {
    let mut request = Request::new(T::default());
    if let Some(role) = role {
        request.metadata_mut().insert("role", rgrpc::metadata::MetadataValue::from_static(role));
    }
    request
}

/// What the calls of `GetBook`, `AddBook` and `RemoveBook` end with.
async fn check(role: Option<&'static str>, expected: [Code; 3]) {
    let client = LibraryServiceClient::new(LibraryServiceServer::new(Library).with_interceptor(authorize));
    let codes = [
        client.get_book(request::<GetBookRequest>(role)).await.map_or_else(|status| status.code(), |_| Ok),
        client.add_book(request::<AddBookRequest>(role)).await.map_or_else(|status| status.code(), |_| Ok),
        client.remove_book(request::<RemoveBookRequest>(role)).await.map_or_else(|status| status.code(), |_| Ok),
    ];
    assert_eq!(codes, expected, "{role:?}");
}

#[tokio::test]
async fn a_method_is_for_whom_its_option_names() {
    check(None, [Ok, Unauthenticated, Unauthenticated]).await;
    check(Some("reader"), [Ok, PermissionDenied, PermissionDenied]).await;
    check(Some("librarian"), [Ok, Ok, PermissionDenied]).await;
    check(Some("owner"), [Ok, Ok, PermissionDenied]).await;
}
