//! gRPC's reflection service, which serves the embedded descriptor sets. Its types are those of the crate `tonic-reflection`.

use tonic_reflection::server::Builder;

use crate::{MethodDescriptor, ServiceDescriptor};

pub use tonic_reflection::server::v1::{ServerReflection, ServerReflectionServer};
pub use tonic_reflection::server::{Error, v1alpha};

/// The descriptor of the service `grpc.reflection.v1.ServerReflection`, for
/// [`InterceptLayer::describe`](crate::intercept::InterceptLayer::describe).
pub const SERVICE: ServiceDescriptor = ServiceDescriptor::new(
    "grpc.reflection.v1.ServerReflection",
    &[MethodDescriptor::bidi_streaming("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")],
);

/// The descriptor of the same service under the name that older clients use.
pub const SERVICE_V1ALPHA: ServiceDescriptor = ServiceDescriptor::new(
    "grpc.reflection.v1alpha.ServerReflection",
    &[MethodDescriptor::bidi_streaming("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")],
);

/// Returns the service `grpc.reflection.v1.ServerReflection`, which serves `descriptor_sets`: the `FILE_DESCRIPTOR_SET`s that the generator's
/// option `embed_descriptor_set` adds to the code.
///
/// It serves the files as the compiler wrote them, with custom options and editions, and lists all services of the sets, and itself.
/// Source: [gRPC server reflection](https://github.com/grpc/grpc/blob/master/doc/server-reflection.md).
///
/// # Errors
///
/// If one of the sets is not a serialized `google.protobuf.FileDescriptorSet`.
///
/// ```
/// # const FILE_DESCRIPTOR_SET: &[u8] = b"";
/// // `Server::builder().add_service(reflection)`
/// let reflection = rgrpc::reflection::v1(&[FILE_DESCRIPTOR_SET])?;
/// # Ok::<_, rgrpc::reflection::Error>(())
/// ```
pub fn v1(descriptor_sets: &[&[u8]]) -> Result<ServerReflectionServer<impl ServerReflection>, Error> {
    builder(descriptor_sets).build_v1()
}

/// Returns the same service as [`v1`], under the name `grpc.reflection.v1alpha.ServerReflection`, which older clients use.
///
/// # Errors
///
/// If one of the sets is not a serialized `google.protobuf.FileDescriptorSet`.
pub fn v1alpha(
    descriptor_sets: &[&[u8]],
) -> Result<v1alpha::ServerReflectionServer<impl v1alpha::ServerReflection>, Error> {
    builder(descriptor_sets).build_v1alpha()
}

fn builder<'a>(descriptor_sets: &[&'a [u8]]) -> Builder<'a> {
    descriptor_sets.iter().copied().fold(Builder::configure(), Builder::register_encoded_file_descriptor_set)
}
