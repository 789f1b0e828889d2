//! The names of targets, and the addresses that they lead to.

use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex};

use rgrpc::balance::{Address, Connector, Resolution, Resolve, Target};
use rgrpc::{Channel, MethodDescriptor};
use tokio::io::DuplexStream;

const GET: MethodDescriptor = MethodDescriptor::unary("/a.B/C");

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Connector for Recorder {
    type Io = DuplexStream;

    async fn connect(&self, address: &Address) -> io::Result<DuplexStream> {
        self.0.lock().unwrap().push(address.to_string());
        Err(io::Error::other("only recorded"))
    }
}

async fn check(name: &str, expected: &[&str]) {
    let recorder = Recorder::default();
    let channel = Channel::target(name).connect_by(recorder.clone()).channel();
    let channel = channel.unwrap_or_else(|error| panic!("{error}"));
    channel.unary::<(), ()>(&GET, ()).await.unwrap_err();
    assert_eq!(*recorder.0.lock().unwrap(), expected, "{name}");
}

fn refuse(name: &str, problem: &str) {
    let error = Channel::target(name).channel().unwrap_err().to_string();
    assert_eq!(error, format!("cannot connect to `{name}`: {problem}"));
}

#[tokio::test(start_paused = true)]
async fn names_are_those_of_grpc() {
    check("dns:///127.0.0.1:50051", &["127.0.0.1:50051"]).await;
    check("dns:127.0.0.1:50051", &["127.0.0.1:50051"]).await;
    check("dns:///127.0.0.1", &["127.0.0.1:443"]).await;
    check("127.0.0.1:50051", &["127.0.0.1:50051"]).await;
    check("dns:///[::1]:50051", &["[::1]:50051"]).await;
    check("dns:///[::1]", &["[::1]:443"]).await;
    check("::1", &["[::1]:443"]).await;
    check("http://127.0.0.1", &["127.0.0.1:80"]).await;
    check("http://[::1]:50051/", &["[::1]:50051"]).await;
    check("ipv4:10.0.0.1:1,10.0.0.2", &["10.0.0.1:1", "10.0.0.2:443"]).await;
    check("ipv6:[2001:db8::1]:1,2001:db8::2", &["[2001:db8::1]:1", "[2001:db8::2]:443"]).await;
    check("unix:relative/path", &["unix:relative/path"]).await;
    check("unix:///run/users.sock", &["unix:/run/users.sock"]).await;
    check("unix:/run/users.sock", &["unix:/run/users.sock"]).await;
    check("unix-abstract:users", &["unix-abstract:users"]).await;
}

#[test]
fn a_name_is_refused_without_showing_its_user_and_password() {
    let cases = [
        ("https://user:secret@prod:443", "https://prod:443"),
        ("http://user@prod/", "http://prod/"),
        ("dns:///user:secret@prod:443", "dns://prod:443"),
        ("dns:user:secret@prod:443", "prod:443"),
        ("user:secret@prod", "prod"),
        ("user:s@cret@prod:443", "prod:443"),
        ("ipv4:user:secret@10.0.0.1:443", "10.0.0.1:443"),
        ("unknown://user:secret@prod", "unknown://prod"),
    ];
    for (name, shown) in cases {
        let problem = "HTTP/2 allows no user or password in a name; send credentials as metadata";
        let expected = format!("cannot connect to `{shown}`: {problem}");
        for target in [Channel::target(name), Channel::target_list([name])] {
            assert!(!format!("{target:?}").contains("secret"), "{name}");
            let error = target.channel().unwrap_err();
            assert_eq!(error.to_string(), expected, "{name}");
            assert!(!format!("{error:?}").contains("secret"), "{name}");
        }
    }
    let error = Channel::target("dns:///prod").authority("user:secret@prod").channel().unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot connect to `prod`: HTTP/2 allows no user or password in a name; send credentials as metadata"
    );
    Channel::target("unix:/run/users@prod.sock").channel().unwrap();
}

#[tokio::test(start_paused = true)]
async fn names_are_uris() {
    check("DNS:///127.0.0.1:50051", &["127.0.0.1:50051"]).await;
    check("Http://127.0.0.1", &["127.0.0.1:80"]).await;
    check("IPv4:10.0.0.1:1", &["10.0.0.1:1"]).await;
    check("dns:///127%2E0.0.1:50051", &["127.0.0.1:50051"]).await;
    check("127%2E0.0.1:50051", &["127.0.0.1:50051"]).await;
    check("http://127%2E0.0.1:50051", &["127.0.0.1:50051"]).await;
    check("ipv4:127%2E0.0.1:50051", &["127.0.0.1:50051"]).await;
    check("unix:/run/my users.sock", &["unix:/run/my users.sock"]).await;
    check("unix:///run/my%20users.sock", &["unix:/run/my users.sock"]).await;
    check("unix:/run/100%.sock", &["unix:/run/100%.sock"]).await;
    check("unix-abstract:my%20users", &["unix-abstract:my users"]).await;
}

#[tokio::test(start_paused = true)]
async fn addresses_are_those_of_ip() {
    check("ipv6:[::ffff:10.0.0.1]:1", &["[::ffff:10.0.0.1]:1"]).await;
    check("ipv6:[fe80::1%252]:1,fe80::2%2", &["[fe80::1%2]:1", "[fe80::2%2]:443"]).await;
    check("dns:///[fe80::1%252]:1", &["[fe80::1%2]:1"]).await;
    check("dns:///[fe80::1%30]:1", &["[fe80::1%30]:1"]).await;
    check("ipv6:[fe80::1%30]:1", &["[fe80::1%30]:1"]).await;
    check("[fe80::1%252]:1", &["[fe80::1%2]:1"]).await;
    check("[fe80::1%30]:1", &["[fe80::1%30]:1"]).await;
    check("fe80::1%25", &["[fe80::1%25]:443"]).await;
    check("http://[fe80::1%252]:1", &["[fe80::1%2]:1"]).await;
    check("http://[fe80::1%2]:1", &["[fe80::1%2]:1"]).await;
    check("ipv4:10.0.0.1:1, 10.0.0.2:1,10.0.0.1:1", &["10.0.0.1:1", "10.0.0.2:1"]).await;
    check("ipv4:10.0.0.1:00080", &["10.0.0.1:80"]).await;
}

#[tokio::test]
async fn a_host_is_resolved_by_the_system() {
    let recorder = Recorder::default();
    let channel = Channel::target("localhost:50051").connect_by(recorder.clone()).channel().unwrap();
    channel.unary::<(), ()>(&GET, ()).await.unwrap_err();
    let found = recorder.0.lock().unwrap();
    assert!(found.iter().all(|address| address == "127.0.0.1:50051" || address == "[::1]:50051"), "{found:?}");
    assert!(!found.is_empty());
}

#[test]
fn other_names_are_refused_with_a_remedy() {
    refuse(
        "xds:///users",
        "the scheme `xds` is unknown; use dns, ipv4, ipv6, unix, unix-abstract, http or https, or a resolver of your own with \
         `Channel::resolved_by`",
    );
    refuse(
        "dns://8.8.8.8/users:443",
        "the system resolver cannot ask the DNS server `8.8.8.8`; write `dns:///`, or use a resolver of your own",
    );
    refuse("dns://users:443", "expected a third slash, as in `dns:///users:443`");
    refuse("", "expected a host");
    refuse("dns:///", "expected a host");
    refuse("dns:///users:port", "`port` is not a port");
    refuse("dns:///users:65536", "`65536` is not a port");
    refuse("users:0", "`0` is not a port");
    refuse("users:+80", "`+80` is not a port");
    refuse("users:", "`` is not a port");
    refuse("dns:///us ers", "`us ers` is not a host");
    refuse("dns:///us%20ers", "`us ers` is not a host");
    refuse("dns:///users%ff", "`users%ff` is not UTF-8");
    refuse("users%3A443", "`users:443` is not a host");
    refuse("http://users%2Fpath", "`users/path` is not a host");
    refuse("[fe80::1%]:443", "`fe80::1%` is not a host");
    refuse("users..prod:443", "`users..prod` is not a host");
    refuse(".users", "`.users` is not a host");
    refuse(".", "`.` is not a host");
    refuse("users:443:443", "`users:443:443` is not a host");
    refuse("users%40prod:443", "`users@prod` is not a host");
    refuse("[users]:443", "`users` is not an IPv6 address, and only those have brackets");
    refuse("ipv4:[10.0.0.1]:1", "`10.0.0.1` is not an IPv6 address, and only those have brackets");
    refuse("ipv4:10.0.0.1:1,,10.0.0.2:1", "expected a host");
    refuse("ipv4:10.0.0.1:1,10.0.0.256:1", "`10.0.0.256` is not an address of this kind");
    refuse("ipv6:[fe80::1%25eth0]:1", "`fe80::1%eth0` is not an address of this kind");
    refuse("[::1:50051", "`[` without `]`");
    refuse("[::1]50051", "expected `:` after `]`");
    refuse("ipv4:users:1", "`users` is not an address of this kind");
    refuse("ipv4:[::1]:1", "`::1` is not an address of this kind");
    refuse("ipv6:10.0.0.1", "`10.0.0.1` is not an address of this kind");
    refuse("ipv4:", "expected a host");
    refuse("unix:", "expected a path without zero bytes");
    refuse("unix:/run/%00", "expected a path without zero bytes");
    refuse("unix://run/users.sock", "expected an absolute path after `unix://`");
    refuse("unix-abstract:", "expected a name without zero bytes");
    refuse("http:users", "expected two slashes after the scheme");
    refuse("http://users/path", "expected only a host and a port after the scheme");
    #[cfg(not(feature = "tls-ring"))]
    refuse(
        "https://users",
        "this build has no TLS; enable the feature `tls-ring` or `tls-aws-lc` of rgrpc, and `tls-native-roots` or `tls-webpki-roots` \
         for the certificates to trust",
    );
}

#[test]
fn a_list_of_names_that_disagree_about_tls_is_refused() {
    Channel::target_list(["http://a", "dns:///b", "unix:c"]).channel().unwrap();
    let refused = |names: &[&str], problem: &str| {
        let error = Channel::target_list(names.iter().copied()).channel().unwrap_err().to_string();
        assert!(error.ends_with(problem), "{error}");
    };
    refused(&["http://a", "https://b"], "some names ask for TLS and others do not");
    refused(&["a", "https://b"], "some names ask for TLS and others do not");
    refused(&["a", "b..c"], "`b..c` is not a host");
    refused(&[], "expected at least one name");
}

#[test]
fn the_first_of_several_problems_is_reported() {
    let refused = |target: Target| target.channel().unwrap_err().to_string();
    assert_eq!(refused(Channel::target("a..b").authority("c d")), "cannot connect to `a..b`: `a..b` is not a host");
    assert_eq!(
        refused(Channel::target("a").authority("c d").authority("c")),
        "cannot connect to `c d`: `c d` is not a host"
    );
    assert_eq!(refused(Channel::resolved_by(Nobody, "c d")), "cannot connect to `c d`: `c d` is not a host");
}

struct Nobody;

impl Resolve for Nobody {
    async fn resolve(&self) -> Result<Resolution, Box<dyn Error + Send + Sync>> {
        Ok(Resolution::default())
    }
}
