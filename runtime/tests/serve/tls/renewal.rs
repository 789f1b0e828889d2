//! Checks that certificates are renewed when their files change.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rgrpc::tls::{ClientTls, ServerTls};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::authority::{Files, Signed, expired, write};
use super::{Authority, fails, is_refused, start, trusting, users};
use crate::world::ask;

const SOON: Duration = Duration::from_millis(20);

/// For what happens as soon as the machine has the time.
const AT_LAST: Duration = Duration::from_secs(120);

fn served(files: &Files) -> ServerTls {
    ServerTls::from_files(files.chain(), files.key()).reload_interval(SOON)
}

/// Waits until new connections find a server that `authority` has signed.
async fn is_signed_by(port: u16, authority: &Authority) {
    let signed = async {
        while fails(&users(port, trusting(authority))).await.is_some() {
            sleep(SOON).await;
        }
    };
    timeout(AT_LAST, signed).await.expect("the certificate is renewed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rotation_fails_no_call() {
    const CALLS: usize = 10_000;
    const ROTATIONS: usize = 4;
    let authorities = [Authority::new(), Authority::new()];
    let files = Files::new("rotation", &authorities[0].server());
    let port = start(|server| server.tls(served(&files))).await;
    let trusting_both = || trusting(&authorities[0]).ca_certificates(authorities[1].pem.as_str());
    let (done, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let (tls, done, is_over) = (trusting_both(), done.clone(), is_over.clone());
        callers.spawn(async move {
            while !is_over.load(Ordering::Relaxed) {
                // Connections of all ages.
                let client = users(port, tls.clone());
                for _ in 0..100 {
                    client.get_user(ask("")).await.unwrap();
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    }
    let mut stream = users(port, trusting_both()).list_users(ask("slow")).await.unwrap().into_inner();
    stream.message().await.unwrap().unwrap();
    let mut rotations = 0;
    while rotations < ROTATIONS || done.load(Ordering::Relaxed) < CALLS {
        rotations += 1;
        let authority = &authorities[rotations % 2];
        files.write(&authority.server());
        is_signed_by(port, authority).await;
        sleep(10 * SOON).await;
    }
    is_over.store(true, Ordering::Relaxed);
    callers.join_all().await;
    stream.message().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_half_written_pair_keeps_the_old_one() {
    let (old, new) = (Authority::new(), Authority::new());
    let files = Files::new("half", &old.server());
    let port = start(|server| server.tls(served(&files))).await;
    let Signed { pem, key } = new.server();
    let middle = pem.len() / 2;
    for half in [&pem[..0], &pem[..middle], &pem] {
        fs::write(files.chain(), half).unwrap();
        sleep(5 * SOON).await;
        assert_eq!(fails(&users(port, trusting(&old))).await, None);
    }
    fs::write(files.key(), key).unwrap();
    is_signed_by(port, &new).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_symlink_swap_is_seen() {
    use std::os::unix::fs::symlink;
    let (old, new) = (Authority::new(), Authority::new());
    let files = Files::new("swap", &old.server());
    // As a secret in Kubernetes: the files lead through a link to the folder of a version.
    let versions = ["1", "2"].map(|version| files.folder.join(version));
    for (folder, authority) in versions.iter().zip([&old, &new]) {
        fs::create_dir(folder).unwrap();
        write(folder, &authority.server());
    }
    let data = files.folder.join("..data");
    symlink(&versions[0], &data).unwrap();
    for file in ["tls.crt", "tls.key"] {
        fs::remove_file(files.folder.join(file)).unwrap();
        symlink(data.join(file), files.folder.join(file)).unwrap();
    }
    let port = start(|server| server.tls(served(&files))).await;
    assert_eq!(fails(&users(port, trusting(&old))).await, None);
    symlink(&versions[1], files.folder.join("..data_tmp")).unwrap();
    fs::rename(files.folder.join("..data_tmp"), data).unwrap();
    is_signed_by(port, &new).await;
}

#[tokio::test]
async fn a_new_certificate_that_has_expired_is_not_taken() {
    let (old, new) = (Authority::new(), Authority::new());
    let files = Files::new("expired", &old.server());
    let port = start(|server| server.tls(served(&files))).await;
    files.write(&new.sign(expired));
    sleep(5 * SOON).await;
    assert_eq!(fails(&users(port, trusting(&old))).await, None);
    files.write(&new.server());
    is_signed_by(port, &new).await;
}

#[tokio::test]
async fn a_client_reloads_its_authorities_and_its_identity() {
    let (old, new) = (Authority::new(), Authority::new());
    let files = Files::new("client", &old.client());
    let ca = files.folder.join("ca.crt");
    fs::write(&ca, &old.pem).unwrap();
    let signed = new.server();
    let asking = ServerTls::new(signed.pem, signed.key).client_ca_certificates(new.pem.as_str());
    let port = start(|server| server.tls(asking)).await;
    let tls = ClientTls::new().ca_file(&ca).identity_files(files.chain(), files.key()).reload_interval(SOON);
    let channel = rgrpc::Channel::target(&format!("dns:///localhost:{port}")).tls(tls);
    let channel = channel.connection_backoff(SOON, SOON).channel().unwrap();
    let client = crate::user_v1::user_service_client::UserServiceClient::new(channel);
    is_refused(&client, "UnknownIssuer").await;
    files.write(&new.client());
    fs::write(&ca, &new.pem).unwrap();
    client.get_user(ask("")).wait_for_ready(true).timeout(AT_LAST).await.unwrap();
}
