//! Generates the messages, the client and the server of `../proto`.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::compile_protos(&["../proto/chat/v1/chat.proto"], &["../proto"])
}
