//! The stand-in for JSON where its feature is off: an error that says so.

/// See the feature `json`.
#[doc(hidden)]
#[macro_export]
macro_rules! json_messages {
    ($($messages:tt)*) => {
        ::core::compile_error!("code generated with the option `json` needs the feature `json` of the crate rgrpc");
    };
}
