//! Generates the clients.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure()
        .build_server(false)
        .compile_protos(&["user/v1/user.proto", "grpc/health/v1/health.proto"], &["../../quickstart/proto", "../proto"])
}
