//! Generates the code that `src/lib.rs` includes: the services of a shop, and OpenTelemetry's.

fn main() -> Result<(), rgrpc_build::Error> {
    let protos = [
        "proto/shop/v1/shop.proto",
        "proto/opentelemetry/proto/collector/trace/v1/trace_service.proto",
        "proto/opentelemetry/proto/common/v1/common.proto",
        "proto/opentelemetry/proto/resource/v1/resource.proto",
        "proto/opentelemetry/proto/trace/v1/trace.proto",
    ];
    rgrpc_build::configure().compile_protos(&protos, &["proto"])
}
