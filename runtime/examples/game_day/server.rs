//! A server on a socket, with a runtime of its own: it can be killed, stopped, blocked, and told to misbehave.

use std::collections::HashMap;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use rgrpc::tonic::transport::Server as Tonic;
use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::{Request, Response, ServerStream, Status, Streaming};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, watch};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::user_v1::user_service_server::{UserService, UserServiceServer};
use crate::user_v1::{GetUserRequest, User};

/// The behaviour of a server's handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    Answer,
    /// Refuses calls, and says that it is `NOT_SERVING`.
    NotServing,
    /// Refuses every other call.
    Half,
    Hang,
}

/// The counts of all servers together.
#[derive(Debug, Default)]
pub struct Book {
    reads: AtomicUsize,
    /// How often each write was executed.
    writes: Mutex<HashMap<i32, usize>>,
}

impl Book {
    /// How many reads have arrived.
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }

    /// How many writes were executed more than once.
    pub fn executed_twice(&self) -> usize {
        self.writes.lock().expect("nobody panics").values().filter(|times| **times > 1).count()
    }

    /// Forgets writes whose calls are over.
    pub fn forget_writes(&self) {
        self.writes.lock().expect("nobody panics").clear();
    }
}

struct Users {
    port: u16,
    behaviour: watch::Receiver<Behaviour>,
    turn: AtomicUsize,
    book: Arc<Book>,
}

impl Users {
    async fn behave(&self) -> Result<(), Status> {
        let behaviour = *self.behaviour.borrow();
        match behaviour {
            Behaviour::Half if self.turn.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) => {}
            Behaviour::Half => return Err(Status::unavailable("every other call is refused")),
            Behaviour::NotServing => return Err(Status::unavailable("not serving")),
            Behaviour::Hang => pending().await,
            Behaviour::Answer => {}
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
        Ok(())
    }
}

impl UserService for Users {
    async fn get_user(&self, _: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        self.book.reads.fetch_add(1, Ordering::Relaxed);
        self.behave().await?;
        Ok(Response::new(User { id: String::new(), n: self.port.into() }))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let mut users = request.into_inner();
        let mut ids = Vec::new();
        while let Some(user) = users.message().await? {
            ids.push(user.n);
        }
        self.behave().await?;
        let mut writes = self.book.writes.lock().expect("nobody panics");
        for id in ids {
            *writes.entry(id).or_default() += 1;
        }
        Ok(Response::new(User::default()))
    }

    async fn list_users(&self, _: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(Streaming::from(Vec::new())))
    }
}

pub struct Server {
    address: SocketAddr,
    book: Arc<Book>,
    runtime: Runtime,
    behaviour: watch::Sender<Behaviour>,
    health: HealthReporter,
    stop: Arc<Notify>,
    /// While it is here, the only thread of the server waits for it.
    block: Option<mpsc::Sender<()>>,
}

impl Server {
    /// Starts at `address`, of which the port may be 0.
    pub fn start(address: SocketAddr, book: Arc<Book>) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (behaviour, behaves) = watch::channel(Behaviour::Answer);
        let (health, health_service) = tonic_health::server::health_reporter();
        let stop = Arc::new(Notify::new());
        let (listening, address_of) = mpsc::channel();
        let (stopped, executed) = (stop.clone(), book.clone());
        runtime.spawn(async move {
            let listener = TcpListener::bind(address).await.expect("the address is free");
            let address = listener.local_addr().expect("an address");
            listening.send(address).expect("somebody waits");
            let users = Users { port: address.port(), behaviour: behaves, turn: AtomicUsize::new(0), book: executed };
            let server = Tonic::builder().add_service(UserServiceServer::new(users)).add_service(health_service);
            let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
            let _ = server.serve_with_incoming_shutdown(incoming, stopped.notified()).await;
        });
        let address = address_of.recv().expect("the server starts");
        Self { address, book, runtime, behaviour, health, stop, block: None }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub async fn behave(&self, behaviour: Behaviour) {
        self.behaviour.send_replace(behaviour);
        let serving = behaviour != Behaviour::NotServing;
        let status = if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
        self.health.set_service_status("", status).await;
    }

    /// Lets the kernel accept connections, and nobody answer on them.
    pub fn block(&mut self) {
        let (block, blocked) = mpsc::channel::<()>();
        self.runtime.spawn(async move {
            let _ = blocked.recv();
        });
        self.block = Some(block);
    }

    pub fn unblock(&mut self) {
        self.block = None;
    }

    /// Closes all sockets at once.
    pub fn kill(self) {
        self.runtime.shutdown_background();
    }

    /// Kills the server, and starts it again after a while.
    pub async fn restart_after(self, pause: Duration) -> Self {
        let (address, book) = (self.address, self.book.clone());
        self.kill();
        tokio::time::sleep(pause).await;
        Self::start(address, book)
    }

    /// Tells clients to go elsewhere; running calls can end.
    pub fn stop(&self) {
        self.stop.notify_one();
    }
}
