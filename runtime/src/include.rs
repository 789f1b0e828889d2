//! Macros that include generated files from `OUT_DIR`.

/// Includes all code that was generated into `OUT_DIR`: a module for each proto package, nested as the packages are.
///
/// It includes the file `mod.rs`. Code that is generated into the source tree needs no macro, only `mod`.
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
                "`include_protos!` includes code that the build.rs of this package generates, but there is none: add a build.rs that calls rgrpc_build"
            ),
            "/mod.rs"
        ));
    };
}

/// Includes the code that was generated into `OUT_DIR` for one proto package.
///
/// If the package uses messages of other packages, their modules must be at the same relative places;
/// [`include_protos!`](crate::include_protos) sees to that.
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
                "`include_proto!` includes code that the build.rs of this package generates, but there is none: add a build.rs that calls rgrpc_build"
            ),
            "/",
            $package,
            ".rs"
        ));
    };
}
