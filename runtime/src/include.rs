//! Includes the generated files in `OUT_DIR` as modules, where the macro is called.

/// Includes everything that was generated into `OUT_DIR`: one module per proto package, nested like the packages.
///
/// This is the file `mod.rs`; a file elsewhere needs no macro, only `mod`.
///
/// ```
/// # #[cfg(any())]
/// mod proto {
///     rgrpc::include_protos!();
/// }
/// # #[cfg(any())]
/// use proto::user::v1::User;
/// ```
#[macro_export]
macro_rules! include_protos {
    () => {
        ::core::include!(::core::concat!(
            ::core::env!(
                "OUT_DIR",
                "`include_protos!` includes what the build.rs of this package generates, and it has none: add a build.rs that calls rgrpc_build"
            ),
            "/mod.rs"
        ));
    };
}

/// Includes what was generated into `OUT_DIR` for one proto package, without the packages around it.
///
/// Messages of other packages are found only where those packages are at their usual places around this one;
/// [`include_protos!`](crate::include_protos) puts them there.
///
/// ```
/// # #[cfg(any())]
/// mod user {
///     rgrpc::include_proto!("user.v1");
/// }
/// ```
#[macro_export]
macro_rules! include_proto {
    ($package:literal) => {
        ::core::include!(::core::concat!(
            ::core::env!(
                "OUT_DIR",
                "`include_proto!` includes what the build.rs of this package generates, and it has none: add a build.rs that calls rgrpc_build"
            ),
            "/",
            $package,
            ".rs"
        ));
    };
}
