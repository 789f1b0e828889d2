//! A service that answers as a test tells it to.

use std::marker::PhantomData;
use std::panic::Location;
use std::{fmt, thread};

use super::script::{Script, Scripted};
use super::{On, Probe, Shape};
use crate::{Call, Channel, Client, ServiceServer};

/// Answers the calls of the client `C` as a test tells it to, and records them.
///
/// [`on`](Self::on) names a method and says how to answer it. Of several answers for a method, each call takes the first that is not used
/// up: `once()` and `times(n)` limit one, and demand that it is used up.
///
/// A call without an answer left ends with `UNIMPLEMENTED`. Dropped, the mock panics if there was such a call, or an answer is left that
/// had to be used up: the test fails, and the text names them and the calls that there were, in order.
///
/// ```should_panic
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{User, user_service_client::UserServiceClient};
/// use rgrpc::testing::Mock;
///
/// let users = Mock::<UserServiceClient>::new();
/// users.on(UserServiceClient::get_user).once().returns(User::default());
/// // Nobody calls it.
/// ```
pub struct Mock<C: Client> {
    script: Script,
    client: PhantomData<fn() -> C>,
}

/// The server of a [`Mock`]: a tower service, as that of any implementation.
pub type MockServer<C> = ServiceServer<Script, Scripted<C>>;

impl<C: Client> Mock<C> {
    /// A mock without any answers.
    #[must_use]
    pub fn new() -> Self {
        Self { script: Script::default(), client: PhantomData }
    }

    /// A client of this mock, in process.
    #[must_use]
    pub fn client(&self) -> C {
        C::from(Channel::new(self.server()))
    }

    /// The mock as a server, for settings, layers, or a socket.
    #[must_use]
    pub fn server(&self) -> MockServer<C> {
        ServiceServer::new(self.script.clone())
    }

    /// Says how to answer a method, and tells how it was called. The method is named as the client has it: `UserServiceClient::get_user`.
    ///
    /// `A` is what a handler of the method gets in its [`Request`](crate::Request), `T` what it answers in its
    /// [`Response`](crate::Response): a message, or a [`Streaming`](crate::Streaming) of them.
    #[track_caller]
    pub fn on<A: Shape<T>, T>(&self, method: impl Fn(&C, Probe<A>) -> Call<T>) -> On<A, T> {
        // The call is not made: it only says which method it is one of.
        let method = method(&self.client(), Probe::new()).method();
        On::new(self.script.clone(), method, Location::caller())
    }

    /// The names of the methods that were called, in order: `GetUser`.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        self.script.calls()
    }

    /// Checks that every call had an answer, and that answers for a number of calls are used up. Dropping the mock does this too.
    ///
    /// # Panics
    ///
    /// If a call had no answer, or an answer was not used up.
    #[track_caller]
    pub fn verify(&self) {
        if let Some(failure) = self.script.failure(C::SERVICE) {
            panic!("{failure}");
        }
    }
}

impl<C: Client> Drop for Mock<C> {
    fn drop(&mut self) {
        // A test that fails anyway has its say.
        if !thread::panicking() {
            self.verify();
        }
    }
}

impl<C: Client> Default for Mock<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Client> fmt::Debug for Mock<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock").field("service", &C::SERVICE.name()).field("calls", &self.calls()).finish()
    }
}
