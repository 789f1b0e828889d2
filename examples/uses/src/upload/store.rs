//! The server, which stores uploads as files in a folder.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rgrpc::{Request, Response, Status, Streaming};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

use crate::proto::upload::v1::send_request::{Part, Start};
use crate::proto::upload::v1::uploads_server::Uploads;
use crate::proto::upload::v1::{FindRequest, Progress, SendRequest, Upload};

/// A folder of uploads.
///
/// A complete upload is the file `name`, whose version is in the file `name+`. An incomplete one is `name+version.part`. Names of uploads
/// contain no `+`.
#[derive(Debug, Clone)]
pub struct Store {
    folder: Arc<Path>,
    /// The incomplete uploads that a call is writing.
    claimed: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Store {
    /// Stores uploads in the existing folder at `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { folder: path.into(), claimed: Arc::default() }
    }

    /// The path of an incomplete upload.
    fn part(&self, upload: &Upload) -> PathBuf {
        self.folder.join(format!("{}+{}.part", upload.name, upload.version))
    }

    /// The path of the version of a complete upload.
    fn version(&self, upload: &Upload) -> PathBuf {
        self.folder.join(format!("{}+", upload.name))
    }

    async fn progress(&self, upload: &Upload) -> Result<Progress, Status> {
        match fs::metadata(self.part(upload)).await {
            Ok(part) => Ok(Progress { received: part.len(), complete: false }),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(&error)),
            Err(_) => Ok(match fs::read(self.version(upload)).await {
                Ok(version) if version == upload.version.as_bytes() => {
                    Progress { received: upload.size, complete: true }
                }
                _ => Progress::default(),
            }),
        }
    }

    /// Keeps other calls from writing the same upload. A client may resume before the server notices the end of its last call.
    fn claim(&self, part: PathBuf) -> Result<Claim, Status> {
        let is_free = self.claimed.lock().unwrap_or_else(PoisonError::into_inner).insert(part.clone());
        let claim = || Claim { part, claimed: self.claimed.clone() };
        is_free.then(claim).ok_or_else(|| Status::aborted("another call is writing this upload"))
    }
}

impl Uploads for Store {
    async fn find(&self, request: Request<FindRequest>) -> Result<Response<Progress>, Status> {
        Ok(Response::new(self.progress(&checked(request.into_inner().upload)?).await?))
    }

    async fn send(&self, request: Request<Streaming<SendRequest>>) -> Result<Response<Progress>, Status> {
        let mut requests = request.into_inner();
        let first = requests.message().await?.and_then(|request| request.part);
        let Some(Part::Start(Start { upload, offset })) = first else {
            return Err(Status::invalid_argument("the first request must be a start"));
        };
        let upload = checked(upload)?;
        let claim = self.claim(self.part(&upload))?;
        let progress = self.progress(&upload).await?;
        if progress.complete {
            return Ok(Response::new(progress));
        }
        let mut received = progress.received;
        if offset != received {
            return Err(Status::failed_precondition(format!(
                "the offset is {offset}, but {received} bytes are stored"
            )));
        }
        let mut file = File::options().create(true).append(true).open(&claim.part).await.map_err(|e| failed(&e))?;
        // A message is read after the last one is written, so that a slow disk slows the client down.
        while let Some(request) = requests.message().await? {
            let Some(Part::Data(data)) = request.part else {
                return Err(Status::invalid_argument("all requests after the first must be data"));
            };
            received += data.len() as u64;
            if received > upload.size {
                return Err(Status::invalid_argument(format!("the data exceeds the size of {} bytes", upload.size)));
            }
            file.write_all(&data).await.map_err(|e| failed(&e))?;
            // tokio writes files in the background; without a flush, `find` could return too small a size.
            file.flush().await.map_err(|e| failed(&e))?;
        }
        let complete = received == upload.size;
        if complete {
            file.sync_all().await.map_err(|e| failed(&e))?;
            // The version is written before the rename, because it is only read once the part is gone.
            fs::write(self.version(&upload), &upload.version).await.map_err(|e| failed(&e))?;
            fs::rename(&claim.part, self.folder.join(&upload.name)).await.map_err(|e| failed(&e))?;
        }
        Ok(Response::new(Progress { received, complete }))
    }
}

/// The exclusive right of a call to write an upload.
struct Claim {
    part: PathBuf,
    claimed: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claimed.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.part);
    }
}

/// Checks that the name and the version of an upload cannot lead out of the folder or clash with the store's own files.
fn checked(upload: Option<Upload>) -> Result<Upload, Status> {
    let is_plain = |text: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        (1..=100).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(is_plain)
    };
    let upload = upload.filter(|upload| is_plain(&upload.name) && is_plain(&upload.version));
    upload.filter(|upload| upload.name.strip_suffix(".part").is_none()).ok_or_else(|| {
        Status::invalid_argument(
            "the name and the version of an upload must consist of letters, digits, `-`, `_` and `.`, and not start with `.`",
        )
    })
}

fn failed(error: &io::Error) -> Status {
    Status::internal(format!("cannot write the file: {error}"))
}
