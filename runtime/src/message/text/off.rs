//! The stand-in for the text format without its feature: a compile error that names it.

/// See the feature `text`.
#[doc(hidden)]
#[macro_export]
macro_rules! text_messages {
    ($($messages:tt)*) => {
        ::core::compile_error!("code generated with the option `text` needs the feature `text` of the crate rgrpc");
    };
}
