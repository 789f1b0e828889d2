//! Deadlines along a chain of services, for all four kinds, over HTTP/2 and in process, in paused time.
#![cfg(feature = "transport")]

mod support;

use std::collections::VecDeque;
use std::future::{IntoFuture, pending};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::{Channel, Code, Deadline, MethodKind, Request, Response, ServerStream, Status, Streaming};
use tokio::time::{Instant, sleep};
use tokio_stream::StreamExt;

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::user_v1::{GetUserRequest, User};
use support::{piped, user};

const KINDS: [MethodKind; 4] =
    [MethodKind::Unary, MethodKind::ServerStreaming, MethodKind::ClientStreaming, MethodKind::BidiStreaming];
const MS: Duration = Duration::from_millis(1);

/// How a service makes the call of the next hop.
#[derive(Debug, Clone, Copy)]
enum How {
    Plainly,
    WithLongTimeout,
    Spawned,
    SpawnedInScope,
    InLaterScope,
    Detached,
}

/// Reports what is left of its deadline in milliseconds, takes 50 ms, and calls the next service; the last one answers, or hangs.
#[derive(Clone)]
struct Hop {
    next: Option<UserServiceClient>,
    how: How,
    hangs: bool,
    left: Arc<Mutex<VecDeque<Option<u128>>>>,
}

impl Hop {
    fn arrive(&self, deadline: Option<Deadline>) {
        self.left.lock().unwrap().push_back(deadline.map(|deadline| deadline.remaining().as_millis()));
    }

    async fn go_on(self, kind: MethodKind) -> Result<User, Status> {
        sleep(50 * MS).await;
        let Some(next) = self.next else {
            return if self.hangs { pending().await } else { Ok(user("end", 0)) };
        };
        let hour = Duration::from_secs(3600);
        match self.how {
            How::Plainly => call(next, kind, None).await,
            How::WithLongTimeout => call(next, kind, Some(hour)).await,
            How::Spawned => tokio::spawn(call(next, kind, None)).await.unwrap(),
            How::SpawnedInScope => {
                tokio::spawn(Deadline::scope(Deadline::current(), call(next, kind, None))).await.unwrap()
            }
            How::InLaterScope => Deadline::scope(Deadline::after(hour), call(next, kind, None)).await,
            How::Detached => Deadline::detach(call(next, kind, None)).await,
        }
    }
}

impl UserService for Hop {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        self.arrive(Deadline::of(request.extensions()));
        self.clone().go_on(MethodKind::Unary).await.map(Response::new)
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        self.arrive(Deadline::of(request.extensions()));
        let hop = self.clone();
        Ok(Response::new(tokio_stream::once(()).then(move |()| hop.clone().go_on(MethodKind::ServerStreaming))))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        self.arrive(Deadline::of(request.extensions()));
        self.clone().go_on(MethodKind::ClientStreaming).await.map(Response::new)
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        self.arrive(Deadline::of(request.extensions()));
        let hop = self.clone();
        Ok(Response::new(request.into_inner().then(move |_| hop.clone().go_on(MethodKind::BidiStreaming))))
    }
}

/// Makes a call of a `kind`, and gives its first response.
async fn call(client: UserServiceClient, kind: MethodKind, timeout: Option<Duration>) -> Result<User, Status> {
    let request = GetUserRequest::default();
    let requests = tokio_stream::once(User::default());
    macro_rules! run {
        ($call:expr) => {
            match timeout {
                Some(timeout) => $call.timeout(timeout).await,
                None => $call.await,
            }
        };
    }
    let mut responses = match kind {
        MethodKind::Unary => return run!(client.get_user(request)).map(Response::into_inner),
        MethodKind::ClientStreaming => return run!(client.create_users(requests)).map(Response::into_inner),
        MethodKind::ServerStreaming => run!(client.list_users(request))?.into_inner(),
        MethodKind::BidiStreaming => run!(client.chat(requests))?.into_inner(),
    };
    responses.message().await?.ok_or_else(|| Status::internal("no response"))
}

/// A call as three services in a row see it.
struct Seen {
    result: Result<User, Code>,
    took: Duration,
    /// The time left for each service that was reached, in milliseconds.
    left: Vec<Option<u128>>,
}

/// Calls a chain of three services, each with its own way to reach the next.
async fn chain(
    reach: fn(UserServiceServer<Hop>) -> Channel,
    serve: fn(UserServiceServer<Hop>) -> UserServiceServer<Hop>,
    how: How,
    hangs: bool,
    kind: MethodKind,
    timeout: Option<Duration>,
) -> Seen {
    let left = Arc::default();
    let mut next = None;
    for _ in 0..3 {
        let hop = Hop { next, how, hangs, left: Arc::clone(&left) };
        next = Some(UserServiceClient::new(reach(serve(UserServiceServer::new(hop)))));
    }
    let start = Instant::now();
    let result = call(next.unwrap(), kind, timeout).await.map_err(|status| status.code());
    let took = start.elapsed();
    // The last of the chain hears a little later that it is cut off.
    sleep(10 * MS).await;
    let left = left.lock().unwrap().drain(..).collect();
    Seen { result, took, left }
}

const REACH: [fn(UserServiceServer<Hop>) -> Channel; 2] = [piped, |server| Channel::new(server)];

fn inheriting(server: UserServiceServer<Hop>) -> UserServiceServer<Hop> {
    server.inherit_deadlines()
}

/// The milliseconds left of 500, after those that each of three services takes; 1 ms is lost on each hop, and timers have another.
#[track_caller]
fn assert_only_shrinks(left: &[Option<u128>]) {
    let left: Vec<_> = left.iter().map(|left| left.expect("a deadline")).collect();
    assert_eq!(left.len(), 3, "{left:?}");
    for (left, most) in left.iter().zip([500, 450, 400]) {
        assert!((most - 10..most).contains(left), "{left} of {most}");
    }
}

#[tokio::test(start_paused = true)]
async fn three_hops_only_shrink_a_deadline() {
    for reach in REACH {
        for kind in KINDS {
            for how in [How::Plainly, How::SpawnedInScope] {
                let seen = chain(reach, inheriting, how, false, kind, Some(500 * MS)).await;
                assert_eq!(seen.result, Ok(user("end", 0)), "{kind:?}");
                assert_only_shrinks(&seen.left);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_hop_cannot_extend_a_deadline() {
    for reach in REACH {
        for kind in KINDS {
            for how in [How::WithLongTimeout, How::InLaterScope] {
                let seen = chain(reach, inheriting, how, false, kind, Some(500 * MS)).await;
                assert_only_shrinks(&seen.left);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_hang_at_the_end_is_cut_off_everywhere() {
    for reach in REACH {
        for kind in KINDS {
            for how in [How::Plainly, How::WithLongTimeout, How::SpawnedInScope] {
                let seen = chain(reach, inheriting, how, true, kind, Some(500 * MS)).await;
                assert_eq!(seen.result, Err(Code::DeadlineExceeded), "{kind:?}");
                assert!((490 * MS..=510 * MS).contains(&seen.took), "{:?}", seen.took);
                assert_only_shrinks(&seen.left);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_deadline_gives_none_to_the_next() {
    for reach in REACH {
        for kind in KINDS {
            let seen = chain(reach, inheriting, How::Plainly, false, kind, None).await;
            assert_eq!((seen.result, seen.left), (Ok(user("end", 0)), vec![None; 3]), "{kind:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_inherit_gives_nothing_on_though_it_is_in_the_process_of_one_that_does() {
    for reach in REACH {
        for kind in KINDS {
            let seen = chain(reach, |server| server, How::Plainly, false, kind, Some(500 * MS)).await;
            assert_eq!((seen.left.len(), &seen.left[1..]), (3, [None; 2].as_slice()), "{kind:?}");
            let scope = Deadline::scope(
                Deadline::after(500 * MS),
                chain(reach, |server| server, How::Plainly, false, kind, None),
            );
            let seen = scope.await;
            assert!(seen.left[0].is_some(), "{kind:?}");
            assert_eq!((seen.left.len(), &seen.left[1..]), (3, [None; 2].as_slice()), "{kind:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_spawned_task_and_a_detached_future_inherit_nothing() {
    for reach in REACH {
        for kind in KINDS {
            for how in [How::Spawned, How::Detached] {
                let seen = chain(reach, inheriting, how, false, kind, Some(500 * MS)).await;
                assert_eq!((seen.left.len(), &seen.left[1..]), (3, [None; 2].as_slice()), "{kind:?} {how:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_caps_what_clients_ask_for() {
    for reach in REACH {
        for kind in KINDS {
            for (asked, most) in [(None, 300), (Some(500 * MS), 300), (Some(200 * MS), 200)] {
                let capped = |server: UserServiceServer<Hop>| server.timeout(300 * MS);
                let seen = chain(reach, capped, How::Plainly, true, kind, asked).await;
                assert_eq!(seen.result, Err(Code::DeadlineExceeded), "{kind:?}");
                assert!((most - 10..=most).contains(&seen.left[0].unwrap()), "{:?} of {most}", seen.left);
                assert!(seen.took <= 310 * MS, "{:?}", seen.took);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_scope_has_the_sooner_deadline_and_ends_with_its_future() {
    assert_eq!(Deadline::current(), None);
    let [sooner, later] = [1, 2].map(|s| Deadline::after(Duration::from_secs(s)));
    let inner = async {
        assert_eq!(Deadline::current(), Some(sooner));
        Deadline::scope(later, async { assert_eq!(Deadline::current(), Some(sooner)) }).await;
        Deadline::scope(None, async { assert_eq!(Deadline::current(), Some(sooner)) }).await;
        Deadline::detach(async { assert_eq!(Deadline::current(), None) }).await;
        tokio::spawn(async { assert_eq!(Deadline::current(), None) }).await.unwrap();
    };
    Deadline::scope(sooner, inner).await;
    assert_eq!(Deadline::current(), None);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_made_in_a_handler_and_awaited_in_a_task_has_the_deadline_of_the_task() {
    let hop = Hop { next: None, how: How::Plainly, hangs: false, left: Arc::default() };
    let left = hop.left.clone();
    let client = UserServiceClient::new(UserServiceServer::new(hop));
    let made = Deadline::scope(Deadline::after(500 * MS), async { client.get_user(GetUserRequest::default()) }).await;
    tokio::spawn(made.into_future()).await.unwrap().unwrap();
    assert_eq!(left.lock().unwrap().pop_front(), Some(None));
}

#[test]
fn inheriting_allocates_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let client = |serve: fn(UserServiceServer<Hop>) -> UserServiceServer<Hop>| {
        let hop = Hop { next: None, how: How::Plainly, hangs: false, left: Arc::default() };
        hop.left.lock().unwrap().reserve(100);
        UserServiceClient::new(serve(UserServiceServer::new(hop)))
    };
    for timeout in [None, Some(500 * MS)] {
        let [plain, inherits] = [client(|server| server), client(inheriting)].map(|client| {
            let ask = || {
                runtime.block_on(call(client.clone(), MethodKind::Unary, timeout)).unwrap();
            };
            ask();
            allocation_counter::measure(ask).count_total
        });
        assert_eq!(plain, inherits, "{timeout:?}");
    }
}
