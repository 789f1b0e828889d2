//! Uploads over a connection that breaks, and invalid uploads.

mod support;

use std::error::Error;
use std::path::Path;

use rgrpc::{Channel, Code};
use uses::proto::upload::v1::send_request::{Part, Start};
use uses::proto::upload::v1::uploads_client::UploadsClient;
use uses::proto::upload::v1::uploads_server::UploadsServer;
use uses::proto::upload::v1::{FindRequest, Progress, SendRequest, Upload};
use uses::upload::{Store, send};

use support::{Proxy, serve};

const SIZE: u64 = 3_000_000;

/// Writes a file to upload into the folder, and returns its contents.
fn file(folder: &Path, version: &str) -> std::io::Result<(Vec<u8>, Upload)> {
    let content: Vec<u8> = (0..SIZE).map(|n| u8::try_from(n * n % 251).unwrap_or_default()).collect();
    std::fs::write(folder.join("source"), &content)?;
    Ok((content, Upload { name: "film.mp4".to_owned(), version: version.to_owned(), size: SIZE }))
}

#[tokio::test]
async fn an_upload_resumes_where_the_connection_was_lost() -> Result<(), Box<dyn Error>> {
    let (here, there) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (content, upload) = file(here.path(), "1")?;
    let server = serve(rgrpc::serve("127.0.0.1:0").service(UploadsServer::new(Store::new(there.path())))).await?;
    let proxy = Proxy::new(server, SIZE / 4).await?;
    let uploads = UploadsClient::new(proxy.channel()?);
    let calls = send(&uploads, &upload, &here.path().join("source")).await?;
    assert!(calls > 4, "the connection was never lost");
    assert!(std::fs::read(there.path().join("film.mp4"))? == content);
    // A lost connection only costs the bytes that were in flight.
    assert!(proxy.forwarded() < SIZE * 2, "{} bytes were sent", proxy.forwarded());
    // The upload is complete, so nothing more is sent.
    assert_eq!(send(&uploads, &upload, &here.path().join("source")).await?, 0);
    Ok(())
}

#[tokio::test]
async fn another_version_of_a_file_is_another_upload() -> Result<(), Box<dyn Error>> {
    let (here, there) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (_, upload) = file(here.path(), "1")?;
    let uploads = UploadsClient::new(Channel::new(UploadsServer::new(Store::new(there.path()))));
    let start = Start { upload: Some(upload.clone()), offset: 0 };
    let parts = [Part::Start(start), Part::Data(vec![7; 1000])].map(|part| SendRequest { part: Some(part) });
    let progress = uploads.send(tokio_stream::iter(parts)).await?.into_inner();
    assert_eq!(progress, Progress { received: 1000, complete: false });
    let find = async |version: &str| {
        let upload = Upload { version: version.to_owned(), ..upload.clone() };
        uploads.find(FindRequest { upload: Some(upload) }).await.map(|found| found.into_inner().received)
    };
    assert_eq!((find("1").await?, find("2").await?), (1000, 0));
    Ok(())
}

#[tokio::test]
async fn a_version_of_the_same_size_replaces_the_file() -> Result<(), Box<dyn Error>> {
    let there = tempfile::tempdir()?;
    let uploads = UploadsClient::new(Channel::new(UploadsServer::new(Store::new(there.path()))));
    let sent = async |version: &str, offset, data: &[u8]| {
        let upload = Upload { name: "film".to_owned(), version: version.to_owned(), size: 3 };
        let parts = [Part::Start(Start { upload: Some(upload), offset }), Part::Data(data.to_vec())];
        let parts: Vec<_> = parts.into_iter().take(if data.is_empty() { 1 } else { 2 }).collect();
        uploads.send(tokio_stream::iter(parts.into_iter().map(|part| SendRequest { part: Some(part) }))).await
    };
    let complete = Progress { received: 3, complete: true };
    for (version, offset, data, content) in [
        ("1", 0, "abc", "abc"),
        ("1", 3, "", "abc"),
        ("1", 0, "", "abc"),
        ("2", 0, "xyz", "xyz"),
        ("1.1", 0, "ijk", "ijk"),
    ] {
        assert_eq!(sent(version, offset, data.as_bytes()).await?.into_inner(), complete, "{version}");
        assert_eq!(std::fs::read_to_string(there.path().join("film"))?, content, "{version}");
    }
    Ok(())
}

#[tokio::test]
async fn invalid_uploads_are_rejected() -> Result<(), Box<dyn Error>> {
    let there = tempfile::tempdir()?;
    let uploads = UploadsClient::new(Channel::new(UploadsServer::new(Store::new(there.path()))));
    let upload = |name: &str| Some(Upload { name: name.to_owned(), version: "1".to_owned(), size: 3 });
    let start = |name: &str, offset| Part::Start(Start { upload: upload(name), offset });
    let data = |bytes: &[u8]| Part::Data(bytes.to_vec());
    for (parts, expected) in [
        (vec![data(b"abc")], Code::InvalidArgument),
        (vec![start("../a", 0)], Code::InvalidArgument),
        (vec![start(".a", 0)], Code::InvalidArgument),
        (vec![start("a.part", 0)], Code::InvalidArgument),
        (vec![start("a", 1), data(b"bc")], Code::FailedPrecondition),
        (vec![start("a", 0), data(b"abcd")], Code::InvalidArgument),
        (vec![start("a", 0), data(b"a"), start("a", 1)], Code::InvalidArgument),
    ] {
        let requests = parts.into_iter().map(|part| SendRequest { part: Some(part) }).collect::<Vec<_>>();
        let shown = format!("{requests:?}");
        let status = uploads.send(tokio_stream::iter(requests)).await.unwrap_err();
        assert_eq!(status.code(), expected, "{shown}: {status}");
    }
    Ok(())
}
