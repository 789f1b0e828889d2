//! Macros for the code that all generated clients, or all generated servers, have in common.

/// Implements a client for a struct with one field, `channel: Channel`.
///
/// Generated code calls it:
///
/// ```
/// mod user_service_methods {
///     rgrpc::descriptors! {
///         SERVICE = new("user.v1.UserService");
///     }
/// }
///
/// #[derive(Debug, Clone)]
/// pub struct UserServiceClient {
///     channel: rgrpc::Channel,
/// }
///
/// rgrpc::client! {
///     UserServiceClient = new(user_service_methods::SERVICE);
/// }
///
/// assert_eq!(<UserServiceClient as rgrpc::Client>::SERVICE.name(), "user.v1.UserService");
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! client {
    ($client:ident = new($service:path) $(.with_config($config:path))?;) => {
        impl $client {
            /// Makes a client that calls over `channel`.
            #[must_use]
            pub fn new(channel: impl ::core::convert::Into<$crate::Channel>) -> Self {
                Self { channel: $crate::Channel::for_service(channel.into(), &$service) $(.generated_config(&$config))? }
            }
        }

        impl $crate::Client for $client {
            const SERVICE: &'static $crate::ServiceDescriptor = &$service;
        }

        impl ::core::convert::From<$crate::Channel> for $client {
            fn from(channel: $crate::Channel) -> Self {
                Self::new(channel)
            }
        }

        impl ::core::convert::From<$client> for $crate::Channel {
            fn from(client: $client) -> Self {
                client.channel
            }
        }
    };
}

/// Declares the type that dispatches calls to the methods of a service's trait, by the name of the RPC.
///
/// Generated code calls it:
///
/// ```
/// mod proto {
///     rgrpc::descriptors! {
///         SERVICE = new("user.v1.UserService");
///         GET_USER = unary("GetUser");
///     }
///
///     pub trait UserService: Send + Sync + 'static {
///         fn get_user(&self, request: rgrpc::Request<()>) -> impl rgrpc::ResponseFuture<()>;
///     }
///
///     rgrpc::routes! {
///         UserServiceRoutes = UserService(SERVICE);
///         "GetUser" = unary(get_user);
///     }
///
///     pub type UserServiceServer<T> = rgrpc::ServiceServer<T, UserServiceRoutes>;
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! routes {
    ($routes:ident = $trait:ident($service:path); $($rpc:literal = $kind:ident($method:ident);)*) => {
        #[doc(hidden)]
        #[derive(::core::fmt::Debug)]
        pub enum $routes {}

        // With `self::`, a trait may be called `T` too.
        impl<T: self::$trait> $crate::codegen::Dispatch<T> for $routes {
            const DESCRIPTOR: &'static $crate::ServiceDescriptor = &$service;

            async fn dispatch(service: &T, call: $crate::codegen::ServerCall) -> $crate::codegen::ServerResponse {
                _ = service;
                match call.method() {
                    $($rpc => call.$kind(|request| service.$method(request)).await,)*
                    _ => call.unimplemented(),
                }
            }
        }
    };
}
