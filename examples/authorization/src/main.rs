//! `cargo run -p authorization -- keys.json`: the library, for those with a token signed by a key of the file, a JWK set.

use authorization::{keys::Keys, server};
use rgrpc::Status;
use std::{env, error::Error, io, path::PathBuf, sync::Arc};

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
