//! Generates the code that `src/lib.rs` includes.

fn main() -> Result<(), rgrpc_build::Error> {
    let protos = ["chat", "feed", "inference", "notes", "telemetry", "upload"]
        .map(|name| format!("proto/{name}/v1/{name}.proto"));
    rgrpc_build::configure().json(true).compile_protos(&protos, &["proto"])
}
