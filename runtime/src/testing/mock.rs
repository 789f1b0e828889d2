//! A service whose answers a test sets.

use std::marker::PhantomData;
use std::panic::Location;
use std::{fmt, thread};

use super::script::{Script, Scripted};
use super::{On, Probe, Shape};
use crate::{Call, Channel, Client, ServiceServer};

/// A mock of the service that the client `C` calls: a test sets its answers, and it records the calls.
///
/// [`on`](Self::on) selects a method and sets an answer for it. Of several answers for a method, each call uses the first that is not used up.
/// `once()` and `times(n)` limit an answer to that many calls, and expect them.
///
/// A call for which no answer is left ends with `UNIMPLEMENTED`. The mock panics when it is dropped if there was such a call, or if an expected
/// call did not come. The text lists them, and all calls in order.
///
/// ```should_panic
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{User, user_service_client::UserServiceClient};
/// use rgrpc::testing::Mock;
///
/// let users = Mock::<UserServiceClient>::new();
/// users.on(UserServiceClient::get_user).once().returns(User::default());
/// // The mock is dropped without the call, and panics.
/// ```
pub struct Mock<C: Client> {
    script: Script,
    client: PhantomData<fn() -> C>,
}

/// The server of a [`Mock`]: a tower service, like the server of any implementation.
pub type MockServer<C> = ServiceServer<Script, Scripted<C>>;

impl<C: Client> Mock<C> {
    /// A mock without answers.
    #[must_use]
    pub fn new() -> Self {
        Self { script: Script::default(), client: PhantomData }
    }

    /// A client of this mock, in process.
    #[must_use]
    pub fn client(&self) -> C {
        C::from(Channel::new(self.server()))
    }

    /// The mock as a server, to change its settings, add layers or serve it on a socket.
    #[must_use]
    pub fn server(&self) -> MockServer<C> {
        ServiceServer::new(self.script.clone())
    }

    /// Selects a method, to set its answers or to read its calls. The argument is the client's method: `UserServiceClient::get_user`.
    ///
    /// `A` is the content of the [`Request`](crate::Request) that a handler of the method receives, and `T` that of the
    /// [`Response`](crate::Response) that it returns: a message, or a [`Streaming`](crate::Streaming) of messages.
    #[track_caller]
    pub fn on<A: Shape<T>, T>(&self, method: impl Fn(&C, Probe<A>) -> Call<T>) -> On<A, T> {
        // This makes a call without sending it, because a call knows its method.
        let method = method(&self.client(), Probe::new()).method();
        On::new(self.script.clone(), method, Location::caller())
    }

    /// The names of the methods that were called, in order: `GetUser`.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        self.script.calls()
    }

    /// Checks that every call had an answer, and that all expected calls came. Dropping the mock does this too.
    ///
    /// # Panics
    ///
    /// If a call had no answer, or an expected call did not come.
    #[track_caller]
    pub fn verify(&self) {
        if let Some(failure) = self.script.failure(C::SERVICE) {
            panic!("{failure}");
        }
    }
}

impl<C: Client> Drop for Mock<C> {
    fn drop(&mut self) {
        // A second panic would abort a test that is failing already.
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
