//! The server: uploads come in, files in a folder go out.

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

/// A folder of uploads: finished ones have their names, and `name+` has the version; others end in `.part`. No name has a `+`.
#[derive(Debug, Clone)]
pub struct Store {
    folder: Arc<Path>,
    /// The uploads that a call writes just now.
    written: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Store {
    /// A store in the folder at `path`, which is there.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { folder: path.into(), written: Arc::default() }
    }

    /// Where an upload is while it is not complete. Another version of the file is another upload.
    fn part(&self, upload: &Upload) -> PathBuf {
        self.folder.join(format!("{}+{}.part", upload.name, upload.version))
    }

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

    /// Keeps others from writing the same upload: a client that comes back may be faster than the end of its last call.
    fn claim(&self, part: PathBuf) -> Result<Claim, Status> {
        let is_free = self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(part.clone());
        let claim = || Claim { part, written: self.written.clone() };
        is_free.then(claim).ok_or_else(|| Status::aborted("another call writes this upload"))
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
            return Err(Status::invalid_argument("the first request says what is uploaded, and from where on"));
        };
        let upload = checked(upload)?;
        let claim = self.claim(self.part(&upload))?;
        let progress = self.progress(&upload).await?;
        if progress.complete {
            return Ok(Response::new(progress));
        }
        let mut received = progress.received;
        if offset != received {
            return Err(Status::failed_precondition(format!("{received} bytes are here, and {offset} are skipped")));
        }
        let mut file = File::options().create(true).append(true).open(&claim.part).await.map_err(|e| failed(&e))?;
        // The next message is read only when this one is written: a slow disk holds up the client.
        while let Some(request) = requests.message().await? {
            let Some(Part::Data(data)) = request.part else {
                return Err(Status::invalid_argument("all requests but the first are data"));
            };
            received += data.len() as u64;
            if received > upload.size {
                return Err(Status::invalid_argument(format!("the upload has more than its {} bytes", upload.size)));
            }
            file.write_all(&data).await.map_err(|e| failed(&e))?;
            // Without it, the last bytes may be written only after someone has asked how many there are.
            file.flush().await.map_err(|e| failed(&e))?;
        }
        let complete = received == upload.size;
        if complete {
            file.sync_all().await.map_err(|e| failed(&e))?;
            // Before the file: as long as the part is there, the version says nothing.
            fs::write(self.version(&upload), &upload.version).await.map_err(|e| failed(&e))?;
            fs::rename(&claim.part, self.folder.join(&upload.name)).await.map_err(|e| failed(&e))?;
        }
        Ok(Response::new(Progress { received, complete }))
    }
}

/// An upload that one call writes.
struct Claim {
    part: PathBuf,
    written: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.part);
    }
}

/// An upload whose name stays in the folder.
fn checked(upload: Option<Upload>) -> Result<Upload, Status> {
    let is_plain = |text: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        (1..=100).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(is_plain)
    };
    let upload = upload.filter(|upload| is_plain(&upload.name) && is_plain(&upload.version));
    upload.filter(|upload| upload.name.strip_suffix(".part").is_none()).ok_or_else(|| {
        Status::invalid_argument("an upload has a name and a version: letters, digits, `-`, `_`, and `.` inside")
    })
}

fn failed(error: &io::Error) -> Status {
    Status::internal(format!("the file cannot be written: {error}"))
}
