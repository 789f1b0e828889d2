//! Generates the messages, the client and the server of `../proto`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut config = tonic_prost_build::Config::new();
    config.protoc_executable(protoc_bin_vendored::protoc_bin_path()?);
    tonic_prost_build::configure().compile_with_config(
        config,
        &["../proto/accounts/v1/accounts.proto"],
        &["../proto"],
    )?;
    Ok(())
}
