//! Declares the descriptors of a service and its methods as constants.

/// Declares `SERVICE`, the descriptor of a service, and a constant for each of its methods.
///
/// Generated code calls it:
///
/// ```
/// rgrpc::descriptors! {
///     SERVICE = new("user.v1.UserService");
///     GET_USER = unary("GetUser").with_idempotency(rgrpc::Idempotency::NoSideEffects);
///     CHAT = bidi_streaming("Chat");
/// }
///
/// assert_eq!(GET_USER.path(), "/user.v1.UserService/GetUser");
/// assert_eq!(SERVICE.methods(), [GET_USER, CHAT]);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! descriptors {
    (
        SERVICE = new($service:literal) $(.$with:ident($($option:tt)*))*;
        $($method:ident = $kind:ident($rpc:literal) $(.$with_too:ident($($option_too:tt)*))*;)*
    ) => {
        #[doc = ::core::concat!("`", $service, "`")]
        pub const SERVICE: $crate::ServiceDescriptor =
            $crate::ServiceDescriptor::new($service, &[$($method),*]) $(.$with($($option)*))*;
        $(
            #[doc = ::core::concat!("`", $rpc, "`")]
            pub const $method: $crate::MethodDescriptor =
                $crate::MethodDescriptor::$kind(::core::concat!("/", $service, "/", $rpc))
                    $(.$with_too($($option_too)*))*;
        )*
    };
}
