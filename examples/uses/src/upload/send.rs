//! The client, which sends a file, and resumes after each lost connection until the upload is complete.

use std::io::SeekFrom;
use std::path::Path;
use std::time::Duration;

use rgrpc::streaming::{self, Sender};
use rgrpc::{Code, Status};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::time::sleep;

use crate::proto::upload::v1::send_request::{Part, Start};
use crate::proto::upload::v1::uploads_client::UploadsClient;
use crate::proto::upload::v1::{FindRequest, Progress, SendRequest, Upload};

/// The bytes per message: few enough that little is sent twice, and enough that the overhead of a message is negligible.
const CHUNK: usize = 64 * 1024;
/// The largest number of consecutive attempts without progress.
const MAX_ATTEMPTS: u32 = 6;
/// The pause after the first failed attempt, which doubles after each further one.
const PAUSE: Duration = Duration::from_millis(50);

/// Uploads the file at `path`, and returns the number of calls that this took.
///
/// # Errors
///
/// Returns the status of a call if it is not temporary, or if `MAX_ATTEMPTS` consecutive attempts have made no progress.
pub async fn send(uploads: &UploadsClient, upload: &Upload, path: &Path) -> Result<u32, Status> {
    let (mut calls, mut failures, mut furthest) = (0, 0, 0);
    loop {
        let ended = match find(uploads, upload).await {
            Ok(Progress { complete: true, .. }) => return Ok(calls),
            Ok(Progress { received, .. }) => {
                if received > furthest {
                    (furthest, failures) = (received, 0);
                }
                calls += 1;
                attempt(uploads, upload, path, received).await
            }
            Err(status) => Err(status),
        };
        match ended {
            Ok(Progress { complete: true, .. }) => return Ok(calls),
            // The file has been truncated.
            Ok(_) => return Err(Status::failed_precondition("the file is shorter than its upload")),
            Err(status) if failures + 1 == MAX_ATTEMPTS || !is_temporary(&status) => return Err(status),
            Err(_) => sleep(PAUSE * 2_u32.pow(failures)).await,
        }
        failures += 1;
    }
}

async fn find(uploads: &UploadsClient, upload: &Upload) -> Result<Progress, Status> {
    Ok(uploads.find(FindRequest { upload: Some(upload.clone()) }).await?.into_inner())
}

/// Sends what the server does not have yet.
async fn attempt(uploads: &UploadsClient, upload: &Upload, path: &Path, offset: u64) -> Result<Progress, Status> {
    let unreadable = |error| Status::failed_precondition(format!("cannot read `{}`: {error}", path.display()));
    let mut file = File::open(path).await.map_err(unreadable)?;
    file.seek(SeekFrom::Start(offset)).await.map_err(unreadable)?;
    let (requests, outgoing) = streaming::channel();
    let (sent, response) =
        tokio::join!(send_chunks(file, upload, offset, requests), uploads.send(outgoing).into_future());
    match (sent, response) {
        (_, Ok(response)) => Ok(response.into_inner()),
        (Err(Failure::Read(error)), _) => Err(unreadable(error)),
        (_, Err(status)) => Err(status),
    }
}

/// The reason why not all chunks were sent.
enum Failure {
    Read(std::io::Error),
    /// The call has ended, and its status is the reason.
    Call,
}

/// Sends the file from its current position. A failure drops the sender without finishing it, which cancels the call.
async fn send_chunks(
    mut file: File,
    upload: &Upload,
    offset: u64,
    mut requests: Sender<SendRequest>,
) -> Result<(), Failure> {
    let mut part = Part::Start(Start { upload: Some(upload.clone()), offset });
    loop {
        requests.send(SendRequest { part: Some(part) }).await.map_err(|_| Failure::Call)?;
        let mut data = vec![0; CHUNK];
        let length = file.read(&mut data).await.map_err(Failure::Read)?;
        if length == 0 {
            break;
        }
        data.truncate(length);
        part = Part::Data(data);
    }
    requests.finish();
    Ok(())
}

/// Whether another call may succeed: the connection was lost, the server shut down, or it has not noticed the end of the last call yet.
fn is_temporary(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::Aborted | Code::DeadlineExceeded | Code::Cancelled)
}
