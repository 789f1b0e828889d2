//! Request ids, quotas and load shedding.

use std::num::NonZeroU32;
use std::time::Duration;

use authorization::caller::Caller;
use authorization::proto::library::v1::library_service_client::LibraryServiceClient;
use authorization::proto::library::v1::library_service_methods::SERVICE;
use authorization::proto::library::v1::library_service_server::{LibraryService, LibraryServiceServer};
use authorization::proto::library::v1::{
    AddBookRequest, AddBookResponse, GetBookRequest, GetBookResponse, RemoveBookRequest, RemoveBookResponse,
};
use authorization::quota::Quotas;
use authorization::request_id::{RequestId, RequestIds};
use authorization::shed::Shed;
use rgrpc::error_details::StatusExt;
use rgrpc::intercept::{Head, Next, from_fn};
use rgrpc::{Channel, Code, Request, Response, Status};

/// Returns the request id as the title of a book; after ten seconds if the requested title is `slow`.
struct Ids;

impl LibraryService for Ids {
    async fn get_book(&self, request: Request<GetBookRequest>) -> Result<Response<GetBookResponse>, Status> {
        let id = RequestId::of(request.extensions());
        match request.into_inner().title.as_str() {
            "slow" => tokio::time::sleep(Duration::from_secs(10)).await,
            "none" => return Err(Status::not_found("no such book")),
            _ => {}
        }
        Ok(Response::new(GetBookResponse { title: id.map(|id| id.as_str().to_owned()).unwrap_or_default() }))
    }

    async fn add_book(&self, _: Request<AddBookRequest>) -> Result<Response<AddBookResponse>, Status> {
        Ok(Response::new(AddBookResponse::default()))
    }

    async fn remove_book(&self, _: Request<RemoveBookRequest>) -> Result<Response<RemoveBookResponse>, Status> {
        Ok(Response::new(RemoveBookResponse {}))
    }
}

fn book(title: &str) -> GetBookRequest {
    GetBookRequest { title: title.to_owned() }
}

#[tokio::test]
async fn client_and_server_see_the_same_id() {
    let server = LibraryServiceServer::new(Ids).intercept(RequestIds);
    let client = LibraryServiceClient::new(Channel::new(server.clone()).intercept(RequestIds));
    let response = client.get_book(book("")).await.unwrap();
    let id = response.metadata().get("x-request-id").unwrap().clone();
    assert_eq!((response.get_ref().title.as_str(), id.len()), (id.to_str().unwrap(), 16));
    let status = client.get_book(book("none")).await.unwrap_err();
    assert_ne!(status.metadata().get("x-request-id").unwrap(), id);

    let client = LibraryServiceClient::new(server);
    for (given, kept) in [("order-7", true), ("two words", false), (&*"x".repeat(65), false)] {
        let id = client.get_book(book("")).metadata("x-request-id", given).await.unwrap().into_inner().title;
        assert_eq!(id == given, kept, "{given}");
    }
}

#[tokio::test]
async fn each_caller_has_a_quota_and_is_told_when_to_retry() {
    let name = from_fn(async |mut head: Head, next: Next| {
        if let Some(name) = head.metadata.get("name").and_then(|name| name.to_str().ok().map(str::to_owned)) {
            head.extensions.insert(Caller { name, scopes: Vec::new() });
        }
        next.run(head).await
    });
    let quota = governor::Quota::per_hour(NonZeroU32::new(2).unwrap());
    let client =
        LibraryServiceClient::new(LibraryServiceServer::new(Ids).intercept(name).intercept(Quotas::new(quota)));
    for (caller, calls) in [("ann", 2), ("bob", 2)] {
        for _ in 0..calls {
            client.get_book(book("")).metadata("name", caller).await.unwrap();
        }
        let status = client.get_book(book("")).metadata("name", caller).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted);
        let wait = status.get_details_retry_info().unwrap().retry_delay.unwrap();
        assert!((1700..=1800).contains(&wait.as_secs()), "{wait:?}");
        let violation = &status.get_details_quota_failure().unwrap().violations[0];
        assert_eq!(violation.subject, format!("caller:{caller}"));
    }
    client.get_book(book("")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn calls_over_the_limit_wait_and_are_rejected() {
    let shed = Shed::new(&SERVICE, 2, Duration::from_secs(3));
    let client = LibraryServiceClient::new(LibraryServiceServer::new(Ids).intercept(shed));
    let running = [(); 2].map(|()| tokio::spawn(client.get_book(book("slow")).into_future()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    // It waits until 4 s, and both running calls end at 10 s.
    assert_eq!(client.get_book(book("")).await.unwrap_err().code(), Code::Unavailable);
    // Each method has its own limit.
    client.remove_book(RemoveBookRequest::default()).await.unwrap();
    // It waits from 8 s to 10 s, when both running calls end.
    tokio::time::sleep(Duration::from_secs(4)).await;
    client.get_book(book("")).await.unwrap();
    for call in running {
        call.await.unwrap().unwrap();
    }
    // A dropped call returns its permit.
    for _ in 0..5 {
        let call = client.get_book(book("slow")).timeout(Duration::from_secs(1));
        assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
    }
}
