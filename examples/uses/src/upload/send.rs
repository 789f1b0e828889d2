//! The client: a file goes out, in one call after another until all of it is there.

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

/// Bytes of a message: small enough that little of it is sent twice, large enough that messages cost nothing.
const CHUNK: usize = 64 * 1024;
/// How often the same bytes are tried before the upload is given up, and how long to wait in between: the double after each.
const ATTEMPTS: u32 = 6;
const PAUSE: Duration = Duration::from_millis(50);

/// Uploads the file at `path`; returns how many calls it took.
///
/// # Errors
///
/// The status of a call that no other would better, or that of the last where nothing more has arrived by several.
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
            // The file has become shorter.
            Ok(_) => return Err(Status::failed_precondition("the file has fewer bytes than its upload")),
            Err(status) if failures + 1 == ATTEMPTS || !is_temporary(&status) => return Err(status),
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
    let unreadable = |error| Status::failed_precondition(format!("`{}` cannot be read: {error}", path.display()));
    let mut file = File::open(path).await.map_err(unreadable)?;
    file.seek(SeekFrom::Start(offset)).await.map_err(unreadable)?;
    let (requests, outgoing) = streaming::channel();
    let (sent, response) = tokio::join!(pieces(file, upload, offset, requests), uploads.send(outgoing).into_future());
    match (sent, response) {
        (_, Ok(response)) => Ok(response.into_inner()),
        (Err(Failure::Read(error)), _) => Err(unreadable(error)),
        // The call has ended, and its status says why.
        (_, Err(status)) => Err(status),
    }
}

/// Why not everything was sent.
enum Failure {
    Read(std::io::Error),
    /// The call has ended, which says why itself.
    Call,
}

/// Sends the file from where it stands. A failure drops the sender, by which the server hears that it is not all.
async fn pieces(
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

/// Whether another call may go better: the connection broke, the server ended, or it has not noticed yet that the last call did.
fn is_temporary(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::Aborted | Code::DeadlineExceeded | Code::Cancelled)
}
