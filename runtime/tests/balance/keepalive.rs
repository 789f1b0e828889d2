//! Keepalive of a balanced channel, and complaints of servers. Source: gRFC A8.

use std::future::IntoFuture;
use std::io;
use std::time::Duration;

use rgrpc::balance::{Address, Connector, Target};
use rgrpc::service_config::LoadBalancing;
use rgrpc::{Channel, Code};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::network::{Host, Network, ask};
use crate::user_v1::GetUserRequest;
use crate::user_v1::user_service_client::UserServiceClient;

fn one() -> Target {
    Channel::target("ipv4:10.0.0.1:1")
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_below_a_call_is_given_up_after_the_interval_and_the_timeout() {
    for (target, limit) in [(one(), 5 * 60 + 20), (one().keepalive(seconds(30), seconds(7)), 37)] {
        let network = Network::new([(1, Host::Up)]);
        let client = UserServiceClient::new(target.connect_by(network.clone()).channel().unwrap());
        let start = Instant::now();
        let hanging = tokio::spawn(async move { ask(&client, "hang").await });
        sleep(Duration::from_millis(1)).await;
        network.freeze(1);
        let status = hanging.await.unwrap().unwrap_err();
        assert_eq!((status.code(), start.elapsed().as_secs()), (Code::Unavailable, limit), "{status:?}");
    }
}

/// A server that takes the first ping for one too many.
struct Touchy;

impl Connector for Touchy {
    type Io = DuplexStream;

    async fn connect(&self, _: &Address) -> io::Result<DuplexStream> {
        let (near, far) = tokio::io::duplex(64 * 1024);
        tokio::spawn(complain(far));
        Ok(near)
    }
}

async fn complain(mut io: DuplexStream) -> io::Result<()> {
    const PING: u8 = 6;
    io.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await?;
    io.read_exact(&mut [0; 24]).await?;
    loop {
        let mut head = [0; 9];
        io.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        io.read_exact(&mut vec![0; length as usize]).await?;
        if head[3] == PING {
            // It has processed the first stream; ENHANCE_YOUR_CALM.
            let goaway = [&[0, 0, 22, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 11][..], b"too_many_pings"].concat();
            io.write_all(&goaway).await?;
            // The call below it hears of it before the connection ends.
            sleep(Duration::from_millis(100)).await;
            return Ok(());
        }
    }
}

/// The seconds since `start`, rounded: the next connection begins with the complaint, before the call ends.
fn about(start: Instant) -> u128 {
    (start.elapsed().as_millis() + 500) / 1000
}

#[tokio::test(start_paused = true)]
async fn after_too_many_pings_the_next_connections_ask_half_as_often() {
    let target = one().keepalive(seconds(30), seconds(7)).connection_backoff(Duration::ZERO, Duration::ZERO);
    let client = UserServiceClient::new(target.connect_by(Touchy).channel().unwrap());
    for interval in [30, 60, 120, 240] {
        let start = Instant::now();
        let status = ask(&client, "hang").await.unwrap_err();
        assert_eq!((status.code(), about(start)), (Code::Unavailable, interval), "{status:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_servers_that_complain_once_have_the_next_connections_ask_half_as_often() {
    let target = Channel::target("ipv4:10.0.0.1:1,10.0.0.2:1,10.0.0.3:1");
    let target = target.load_balancing(LoadBalancing::RoundRobin).keepalive(seconds(30), seconds(7));
    let target = target.connection_backoff(Duration::ZERO, Duration::ZERO);
    let client = UserServiceClient::new(target.connect_by(Touchy).channel().unwrap());
    for interval in [30, 60, 120] {
        let start = Instant::now();
        let calls: JoinSet<_> = [(); 3]
            .map(|()| client.get_user(GetUserRequest { user_id: "hang".into() }).into_future())
            .into_iter()
            .collect();
        for ended in calls.join_all().await {
            assert_eq!((ended.unwrap_err().code(), about(start)), (Code::Unavailable, interval));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_complaint_in_one_channel_changes_no_other_of_the_same_target() {
    let target = one().keepalive(seconds(30), seconds(7)).connect_by(Touchy);
    for channel in [target.clone().channel().unwrap(), target.clone().channel().unwrap()] {
        let start = Instant::now();
        let status = ask(&UserServiceClient::new(channel), "hang").await.unwrap_err();
        assert_eq!((status.code(), about(start)), (Code::Unavailable, 30), "{status:?}");
    }
}
