//! A client requests, shares and renews its tokens.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use authorization::Library;
use authorization::bearer::{Bearer, Token};
use authorization::proto::library::v1::GetBookRequest;
use authorization::proto::library::v1::library_service_client::LibraryServiceClient;
use authorization::proto::library::v1::library_service_server::LibraryServiceServer;
use rgrpc::intercept::{Head, Intercept, Next, from_fn};
use rgrpc::{Channel, Code, Status};

/// Issues numbered tokens, one second after each request.
#[derive(Clone, Default)]
struct Issuer(Arc<AtomicUsize>);

impl Issuer {
    fn bearer(&self) -> Bearer {
        let issuer = self.clone();
        Bearer::new(move || {
            let number = issuer.0.fetch_add(1, Relaxed) + 1;
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(Token { text: number.to_string(), lifetime: Duration::from_secs(600) })
            }
        })
    }

    fn issued(&self) -> usize {
        self.0.load(Relaxed)
    }
}

/// Rejects calls with tokens older than the `first` valid one, and counts all calls.
fn reject_before(first: usize, calls: &Arc<AtomicUsize>) -> impl Intercept + use<> {
    let calls = calls.clone();
    from_fn(move |head: Head, next: Next| {
        calls.fetch_add(1, Relaxed);
        async move {
            let token =
                head.metadata.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
            match token.and_then(|token| token.parse().ok()) {
                Some(token) if first <= token => next.run(head).await,
                _ => Err(Status::unauthenticated("an old token")),
            }
        }
    })
}

fn client(issuer: &Issuer, server: impl Intercept) -> LibraryServiceClient {
    let channel = Channel::new(LibraryServiceServer::new(Library).intercept(server));
    LibraryServiceClient::new(channel.intercept(issuer.bearer()))
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_get_one_token() {
    let (issuer, calls) = (Issuer::default(), Arc::default());
    let client = client(&issuer, reject_before(1, &calls));
    let together = (0..50).map(|_| tokio::spawn(client.get_book(GetBookRequest::default()).into_future()));
    for call in together.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!((issuer.issued(), calls.load(Relaxed)), (1, 50));
}

#[tokio::test(start_paused = true)]
async fn concurrent_rejected_calls_share_one_new_token_and_are_retried_once() {
    let (issuer, calls) = (Issuer::default(), Arc::default());
    let client = client(&issuer, reject_before(2, &calls));
    let together = (0..50).map(|_| tokio::spawn(client.get_book(GetBookRequest::default()).into_future()));
    for call in together.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!((issuer.issued(), calls.load(Relaxed)), (2, 100));
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_one_failed_request_to_the_issuer() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = asked.clone();
    let bearer = Bearer::new(move || {
        let first = counting.fetch_add(1, Relaxed) == 0;
        async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let token = Token { text: "1".to_owned(), lifetime: Duration::from_secs(600) };
            if first { Err(Status::unavailable("the issuer is away")) } else { Ok(token) }
        }
    });
    let client = LibraryServiceClient::new(Channel::new(LibraryServiceServer::new(Library)).intercept(bearer));
    let get = || client.get_book(GetBookRequest::default());
    let together: Vec<_> = (0..50).map(|_| tokio::spawn(get().into_future())).collect();
    for call in together {
        assert_eq!(call.await.unwrap().unwrap_err().code(), Code::Unavailable);
    }
    assert_eq!(asked.load(Relaxed), 1);
    get().await.unwrap();
    assert_eq!(asked.load(Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_rejected_twice_fails() {
    let (issuer, calls) = (Issuer::default(), Arc::default());
    let client = client(&issuer, reject_before(100, &calls));
    let status = client.get_book(GetBookRequest::default()).await.unwrap_err();
    assert_eq!((status.code(), issuer.issued(), calls.load(Relaxed)), (Code::Unauthenticated, 2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_expires() {
    let (issuer, calls) = (Issuer::default(), Arc::default());
    let client = client(&issuer, reject_before(1, &calls));
    for (wait, issued) in [(0, 1), (560, 1), (20, 2), (560, 2)] {
        tokio::time::advance(Duration::from_secs(wait)).await;
        client.get_book(GetBookRequest::default()).await.unwrap();
        assert_eq!(issuer.issued(), issued);
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_token_ends_at_the_deadline() {
    let (issuer, calls) = (Issuer::default(), Arc::default());
    let client = client(&issuer, reject_before(1, &calls));
    let call = client.get_book(GetBookRequest::default()).timeout(Duration::from_millis(500));
    assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
    assert_eq!(calls.load(Relaxed), 0);
}
