//! `cargo run -p authorization -- keys.json` serves the library for tokens that were signed with a key in the file, a JWK set.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::{env, io};

use authorization::keys::Keys;
use authorization::server;
use rgrpc::Status;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path: Arc<PathBuf> = Arc::new(env::args_os().nth(1).ok_or("usage: authorization <keys.json>")?.into());
    let keys = Keys::new(move || {
        let path = path.clone();
        async move {
            let unreadable = |error: io::Error| Status::unavailable(format!("{}: {error}", path.display()));
            let text = tokio::fs::read(&*path).await.map_err(unreadable)?;
            serde_json::from_slice(&text).map_err(|error| unreadable(error.into()))
        }
    });
    server("[::1]:50051", keys).until_signal().await?;
    Ok(())
}
