//! The stand-in for JSON without its feature: a compile error that names it.

/// See the feature `json`.
#[doc(hidden)]
#[macro_export]
macro_rules! json_messages {
    ($($messages:tt)*) => {
        ::core::compile_error!("code generated with the option `json` needs the feature `json` of the crate rgrpc");
    };
}
