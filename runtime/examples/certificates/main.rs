//! A bad day for certificates: what the caller is told, and what the server has logged, when each goes wrong.

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../../tests/serve/tls/authority.rs"]
mod authority;
mod day;
#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../../tests/proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use std::fs;
use std::time::Duration;

use rgrpc::tls::{ClientTls, ServerTls};

use authority::{Authority, Files, expired};
use day::{Day, soon, tls, trusting};

#[tokio::main]
async fn main() {
    let day = Day::begin();
    let (ours, other) = (Authority::new(), Authority::new());
    let served = || Some(tls(&ours.server()));
    let trusted = || Some(trusting(&ours));

    day.case("all is well", served(), trusted()).await;
    day.case("the certificate expires within the hour", Some(tls(&ours.sign(soon))), trusted()).await;
    day.case("the certificate has expired", Some(tls(&ours.sign(expired))), trusted()).await;
    day.case("the name is another", served(), trusted().map(|tls| tls.server_name("users.test"))).await;
    day.case("the client does not know the authority", served(), Some(trusting(&other))).await;
    day.case("the client speaks plain text, the server TLS", served(), None).await;
    day.case("the client speaks TLS, the server plain text", None, trusted()).await;
    day.case_without_alpn("the server offers no HTTP/2 with ALPN", &ours.server(), trusting(&ours)).await;

    let asking = || Some(tls(&ours.server()).client_ca_certificates(ours.pem.as_str()));
    let known = |authority: &Authority| {
        let client = authority.client();
        trusted().map(|tls: ClientTls| tls.identity(client.pem, client.key))
    };
    day.case("the client shows its certificate", asking(), known(&ours)).await;
    day.case("the client has no certificate", asking(), trusted()).await;
    day.case("the client's authority is unknown", asking(), known(&other)).await;
    let outdated = ours.sign(expired);
    let late = trusted().map(|tls| tls.identity(outdated.pem, outdated.key));
    day.case("the client's certificate has expired", asking(), late).await;

    let files = Files::new("day", &ours.server());
    let renewed = ServerTls::from_files(files.chain(), files.key()).reload_interval(Duration::from_millis(20));
    let port = day.serve(Some(renewed)).await;
    fs::write(files.chain(), ours.server().pem).unwrap();
    day.wait().await;
    day.call("a new certificate is here, its key is not", port, trusted()).await;
    files.write(&ours.sign(expired));
    day.wait().await;
    day.call("the new certificate has expired already", port, trusted()).await;
    files.write(&other.server());
    day.wait().await;
    day.call("the new pair is whole, of another authority", port, Some(trusting(&other))).await;
}
