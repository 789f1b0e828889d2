//! The answers of a mock, and the calls that it received.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prost::Message;
use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::server::{Dispatch, ServerCall, ServerResponse};
use crate::{BoxFuture, Client, MethodDescriptor, ServiceDescriptor};

/// The answers of a mock, and the calls that it received.
#[derive(Clone, Default)]
pub struct Script(Arc<Mutex<ScriptState>>);

#[derive(Default)]
struct ScriptState {
    answers: Vec<ScriptedAnswer>,
    calls: Vec<MockedCall>,
}

/// Answers one call.
pub(super) type Run = Arc<dyn Fn(ServerCall, CallRecord) -> BoxFuture<'static, ServerResponse> + Send + Sync>;

/// An answer to calls of a method.
pub(super) struct ScriptedAnswer {
    pub(super) method: &'static MethodDescriptor,
    /// How many calls it is for; `None` is any number.
    pub(super) times: Option<usize>,
    /// Where the test sets it.
    pub(super) place: &'static Location<'static>,
    pub(super) used: usize,
    pub(super) run: Run,
}

/// A call that the mock received.
struct MockedCall {
    method: &'static MethodDescriptor,
    metadata: MetadataMap,
    /// The requests, encoded.
    messages: Vec<Vec<u8>>,
    is_answered: bool,
}

/// The record of one call.
#[derive(Clone)]
pub struct CallRecord {
    script: Script,
    call: usize,
}

impl Script {
    fn state(&self) -> MutexGuard<'_, ScriptState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, answer: ScriptedAnswer) {
        self.state().answers.push(answer);
    }

    pub(super) fn calls(&self) -> Vec<&'static str> {
        self.state().calls.iter().map(|call| call.method.name()).collect()
    }

    /// Calls `read` with the metadata and the messages of each call of a method.
    pub(super) fn of<T>(&self, method: &MethodDescriptor, read: impl Fn(&MetadataMap, &[Vec<u8>]) -> T) -> Vec<T> {
        let state = self.state();
        let calls = state.calls.iter().filter(|call| call.method.path() == method.path());
        calls.map(|call| read(&call.metadata, &call.messages)).collect()
    }

    /// Records a call of a method, and returns its answer.
    fn begin(&self, method: &'static MethodDescriptor) -> Option<(Run, CallRecord)> {
        let mut state = self.state();
        let mut answers = state.answers.iter_mut().filter(|answer| answer.method.path() == method.path());
        let answer = answers.find(|answer| answer.times.is_none_or(|times| answer.used < times));
        let run = answer.map(|answer| {
            answer.used += 1;
            answer.run.clone()
        });
        state.calls.push(MockedCall {
            method,
            metadata: MetadataMap::new(),
            messages: vec![],
            is_answered: run.is_some(),
        });
        let record = CallRecord { script: self.clone(), call: state.calls.len() - 1 };
        Some((run?, record))
    }

    /// Describes how the calls differ from those expected; `None` if they do not.
    pub(super) fn failure(&self, service: &ServiceDescriptor) -> Option<String> {
        let state = self.state();
        let left = state.answers.iter().filter_map(|ScriptedAnswer { method, times, used, place, .. }| {
            let times = times.filter(|times| used < times)?;
            let times = if times == 1 { "1 call".into() } else { format!("{times} calls") };
            Some(format!("  expected {times} of {}, saw {used}: {place}", method.name()))
        });
        let calls = state.calls.iter().enumerate();
        let unanswered = calls.filter(|(_, call)| !call.is_answered);
        let unanswered =
            unanswered.map(|(n, call)| format!("  call {}, of {}, had no answer left", n + 1, call.method.name()));
        let lines: Vec<_> = left.chain(unanswered).collect();
        let names: Vec<_> = state.calls.iter().map(|call| call.method.name()).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        (!lines.is_empty()).then(|| {
            format!(
                "`{}` was not called as its mock expects:\n{}\ncalls, in order: {names}",
                service.name(),
                lines.join("\n")
            )
        })
    }
}

impl CallRecord {
    fn note(&self, note: impl FnOnce(&mut MockedCall)) {
        if let Some(call) = self.script.state().calls.get_mut(self.call) {
            note(call);
        }
    }

    pub(super) fn metadata(&self, metadata: &MetadataMap) {
        self.note(|call| call.metadata = metadata.clone());
    }

    pub(super) fn message(&self, message: &impl Message) {
        self.note(|call| call.messages.push(message.encode_to_vec()));
    }
}

/// Answers the calls of the client `C` from a script.
pub struct Scripted<C>(PhantomData<fn() -> C>);

impl<C: Client> Dispatch<Script> for Scripted<C> {
    const DESCRIPTOR: &'static ServiceDescriptor = C::SERVICE;

    async fn dispatch(script: &Script, call: ServerCall) -> ServerResponse {
        let Some(method) = call.method_descriptor() else { return call.unimplemented() };
        match script.begin(method) {
            Some((run, record)) => run(call, record).await,
            None => Status::unimplemented(format!("the mock has no answer left for `{}`", method.path())).into(),
        }
    }
}
