//! What an operator sees: the events of `tracing`.

use super::{
    Authority,
    authority::{Files, expired},
    fails, start, tls, trusting, users,
};
use rcgen::CertificateParams;
use rgrpc::tls::ServerTls;
use std::{
    fmt::{Debug, Write},
    sync::{Mutex, MutexGuard, OnceLock},
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{sleep, timeout},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// The events of this process.
struct Log(&'static Mutex<Vec<String>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("rgrpc")
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

fn log() -> MutexGuard<'static, Vec<String>> {
    static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
    static LOG: OnceLock<()> = OnceLock::new();
    LOG.get_or_init(|| tracing::subscriber::set_global_default(Log(&LINES)).unwrap());
    LINES.lock().unwrap()
}

/// Waits for a line with all of `texts`; other tests write lines too.
async fn sees(texts: &[&str]) {
    let seen = async {
        while !log().iter().any(|line| texts.iter().all(|text| line.contains(text))) {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(20), seen).await.unwrap_or_else(|_| panic!("{texts:?} is not in {:#?}", *log()));
}

/// Valid for a week, of which an hour is left.
fn soon(params: &mut CertificateParams) {
    let hour = Duration::from_secs(3600);
    params.not_before = std::time::SystemTime::now().into();
    params.not_before -= hour * 24 * 7;
    params.not_after = std::time::SystemTime::now().into();
    params.not_after += hour;
}

#[tokio::test]
async fn the_end_of_a_certificate_is_announced() {
    drop(log());
    let authority = Authority::new();
    start(|server| server.tls(tls(&authority.sign(soon)))).await;
    sees(&["WARN", "whose=\"server\"", "hours=0", "the certificate expires soon; renew it"]).await;
    start(|server| server.tls(tls(&authority.sign(expired)))).await;
    sees(&["ERROR", "the certificate has expired; renew it"]).await;
}

#[tokio::test]
async fn a_renewal_and_its_failure_are_told() {
    drop(log());
    let files = Files::new("operator", &Authority::new().server());
    let renewed = ServerTls::from_files(files.chain(), files.key()).reload_interval(Duration::from_millis(10));
    start(|server| server.tls(renewed)).await;
    std::fs::write(files.key(), "cut off").unwrap();
    sees(&["WARN", "the old certificates stay in use", "the private key (", "rgrpc-tls-operator-"]).await;
    files.write(&Authority::new().server());
    sees(&["INFO", "new certificates are in use"]).await;
}

#[tokio::test]
async fn a_client_that_speaks_something_else_is_told() {
    drop(log());
    let port = start(|server| server).await;
    fails(&users(port, trusting(&Authority::new()))).await.unwrap();
    sees(&["INFO", "a connection was closed", "the client speaks TLS, and the server does not"]).await;
    for (first, what) in
        [("GET / HTTP/1.1\r\n\r\n", "HTTP/1, not HTTP/2"), ("SSH-2.0-OpenSSH_9.2\r\n", "not speak HTTP/2")]
    {
        let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        client.write_all(first.as_bytes()).await.unwrap();
        sees(&["INFO", "a connection was closed", what]).await;
    }
}

#[tokio::test]
async fn a_failed_handshake_is_told() {
    drop(log());
    let (authority, other) = (Authority::new(), Authority::new());
    let port = start(|server| server.tls(tls(&authority.server()))).await;
    fails(&users(port, trusting(&other))).await.unwrap();
    sees(&[
        "INFO",
        "a connection was closed",
        "UnknownCA; the certificate sent from here is signed by a CA that the other side does not trust",
    ])
    .await;
}
