//! The descriptor of a method: its path, kind and options.

use super::CustomOptions;

/// The direction in which a method streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MethodKind {
    /// One request, one response.
    Unary,
    /// A stream of requests, one response.
    ClientStreaming,
    /// One request, a stream of responses.
    ServerStreaming,
    /// A stream of requests, a stream of responses.
    BidiStreaming,
}

/// The effect of repeated calls, by a method's option `idempotency_level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Idempotency {
    /// Not specified (`IDEMPOTENCY_UNKNOWN`).
    #[default]
    Unknown,
    /// A call has no side effects (`NO_SIDE_EFFECTS`).
    NoSideEffects,
    /// Repeating a call has no further effect (`IDEMPOTENT`).
    Idempotent,
}

/// The name, path, kind and options of one method.
///
/// Every request carries the descriptor of its method, on the client and on the server; [`MethodDescriptor::of`] returns it.
///
/// ```
/// use rgrpc::{Idempotency, MethodDescriptor, MethodKind};
///
/// const GET_USER: MethodDescriptor =
///     MethodDescriptor::unary("/user.v1.UserService/GetUser").with_idempotency(Idempotency::NoSideEffects);
///
/// assert_eq!(GET_USER.service(), "user.v1.UserService");
/// assert_eq!(GET_USER.name(), "GetUser");
/// assert_eq!(GET_USER.kind(), MethodKind::Unary);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MethodDescriptor {
    path: &'static str,
    service: &'static str,
    name: &'static str,
    kind: MethodKind,
    idempotency: Idempotency,
    deprecated: bool,
    custom_options: CustomOptions,
}

impl MethodDescriptor {
    /// Describes a method with one request and one response, by its path `/package.Service/Method`.
    ///
    /// # Panics
    ///
    /// If `path` is not of that form; in a constant, that is a compile error.
    #[must_use]
    pub const fn unary(path: &'static str) -> Self {
        Self::new(path, MethodKind::Unary)
    }

    /// Describes a method with one request and a stream of responses, by its path `/package.Service/Method`.
    ///
    /// # Panics
    ///
    /// If `path` is not of that form; in a constant, that is a compile error.
    #[must_use]
    pub const fn server_streaming(path: &'static str) -> Self {
        Self::new(path, MethodKind::ServerStreaming)
    }

    /// Describes a method with a stream of requests and one response, by its path `/package.Service/Method`.
    ///
    /// # Panics
    ///
    /// If `path` is not of that form; in a constant, that is a compile error.
    #[must_use]
    pub const fn client_streaming(path: &'static str) -> Self {
        Self::new(path, MethodKind::ClientStreaming)
    }

    /// Describes a method with streams of requests and responses, by its path `/package.Service/Method`.
    ///
    /// # Panics
    ///
    /// If `path` is not of that form; in a constant, that is a compile error.
    #[must_use]
    pub const fn bidi_streaming(path: &'static str) -> Self {
        Self::new(path, MethodKind::BidiStreaming)
    }

    const fn new(path: &'static str, kind: MethodKind) -> Self {
        let Some((b'/', rest)) = path.as_bytes().split_first() else { panic!("a method path starts with a slash") };
        let mut slash = 0;
        while slash < rest.len() && rest[slash] != b'/' {
            slash += 1;
        }
        assert!(0 < slash && slash + 1 < rest.len(), "a method path is `/package.Service/Method`");
        let (service, name) = path.split_at(slash + 1);
        let (_, service) = service.split_at(1);
        let (_, name) = name.split_at(1);
        Self {
            path,
            service,
            name,
            kind,
            idempotency: Idempotency::Unknown,
            deprecated: false,
            custom_options: CustomOptions::new(b""),
        }
    }

    /// Adds the method's `idempotency_level` option.
    #[must_use]
    pub const fn with_idempotency(self, idempotency: Idempotency) -> Self {
        Self { idempotency, ..self }
    }

    /// Adds the method's `deprecated` option.
    #[must_use]
    pub const fn with_deprecated(self) -> Self {
        Self { deprecated: true, ..self }
    }

    /// Adds the method's custom options: a serialized `google.protobuf.MethodOptions`.
    #[must_use]
    pub const fn with_custom_options(self, bytes: &'static [u8]) -> Self {
        Self { custom_options: CustomOptions::new(bytes), ..self }
    }

    /// The path of the method in requests: `/user.v1.UserService/GetUser`.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The full name of the method's service: `user.v1.UserService`.
    #[must_use]
    pub const fn service(&self) -> &'static str {
        self.service
    }

    /// The method's own name, as in the `.proto` file: `GetUser`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The direction in which the method streams.
    #[must_use]
    pub const fn kind(&self) -> MethodKind {
        self.kind
    }

    /// The effect of repeated calls.
    #[must_use]
    pub const fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// Whether the `.proto` file marks the method as deprecated.
    #[must_use]
    pub const fn is_deprecated(&self) -> bool {
        self.deprecated
    }

    /// The method's custom options; empty unless generated code has them.
    #[must_use]
    pub const fn custom_options(&self) -> CustomOptions {
        self.custom_options
    }
}
