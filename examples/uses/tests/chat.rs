//! Chat rooms with slow members, lost connections, and servers that shut down.

mod support;

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rgrpc::{Channel, Code, Response, ServerStream, Status, Streaming, streaming};
use tokio::time::timeout;
use uses::chat::{Member, Rooms};
use uses::proto::chat::v1::chat_client::ChatClient;
use uses::proto::chat::v1::chat_server::{Chat, ChatServer};
use uses::proto::chat::v1::event::What;
use uses::proto::chat::v1::talk_request::Request;
use uses::proto::chat::v1::{self, Event, Join, TalkRequest};

use support::{Proxy, serve};

type Tested = Result<(), Box<dyn Error>>;

fn lobby() -> (Rooms, ChatClient) {
    let rooms = Rooms::new(["lobby", "rust"]);
    let chat = ChatClient::new(Channel::new(ChatServer::new(rooms.clone())));
    (rooms, chat)
}

/// `ada: hello`, `ada joined` or `ada left`.
fn shown(Event { name, what, .. }: Event) -> String {
    match what {
        Some(What::Said(line)) => format!("{name}: {}", line.text),
        Some(What::Joined(_)) => format!("{name} joined"),
        Some(What::Left(_)) => format!("{name} left"),
        None => format!("{name}?"),
    }
}

async fn next_event(member: &mut Member) -> Result<String, Status> {
    Ok(shown(member.next().await?))
}

/// Receives events until the expected one.
async fn wait_for(member: &mut Member, expected: &str) -> Result<(), Status> {
    while next_event(member).await? != expected {}
    Ok(())
}

/// Receives events until one is a line.
async fn next_line(member: &mut Member) -> Result<String, Status> {
    loop {
        let event = next_event(member).await?;
        if event.contains(": ") {
            return Ok(event);
        }
    }
}

fn join(room: &str, name: &str) -> TalkRequest {
    join_after(0, room, name)
}

fn join_after(after: u64, room: &str, name: &str) -> TalkRequest {
    TalkRequest { request: Some(Request::Join(Join { room: room.into(), name: name.into(), after })) }
}

fn line(id: u64, text: &str) -> TalkRequest {
    TalkRequest { request: Some(Request::Line(v1::Line { id, text: text.into() })) }
}

#[tokio::test]
async fn all_members_of_a_room_receive_the_same_events_in_the_same_order() -> Tested {
    let (_rooms, chat) = lobby();
    let mut members = Vec::new();
    for number in 0..50 {
        let room = if number % 2 == 0 { "lobby" } else { "rust" };
        let mut member = Member::new(chat.clone(), room, format!("{number}"));
        wait_for(&mut member, &format!("{number} joined")).await?;
        members.push((room, member));
    }
    let talking = members.into_iter().map(|(room, mut member)| {
        tokio::spawn(async move {
            for text in ["one", "two", "three"] {
                member.say(text).await?;
            }
            let mut lines = Vec::new();
            for _ in 0..25 * 3 {
                lines.push(next_line(&mut member).await?);
            }
            Ok::<_, Status>((room, lines))
        })
    });
    let mut received = BTreeMap::<_, Vec<_>>::new();
    for talk in talking.collect::<Vec<_>>() {
        let (room, lines) = talk.await??;
        received.entry(room).or_default().push(lines);
    }
    assert_eq!(received.len(), 2);
    for (room, received) in received {
        assert_eq!(received.len(), 25);
        assert!(received.iter().all(|lines| *lines == received[0]), "{room}");
    }
    Ok(())
}

#[tokio::test]
async fn a_member_that_does_not_read_blocks_nobody_and_misses_old_events() -> Tested {
    let rooms = Rooms::new(["lobby"]);
    let address = serve(rgrpc::serve("127.0.0.1:0").service(ChatServer::new(rooms))).await?;
    let chat = ChatClient::new(Channel::connect(format!("http://{address}")).lazy()?);
    let (mut requests, outgoing) = streaming::channel();
    let mut slow = chat.talk(outgoing).start();
    requests.send(join("lobby", "slow")).await?;
    let first = slow.message().await?.ok_or("the call has ended")?;
    let start = first.number;
    assert_eq!(shown(first), "slow joined");

    let mut ada = Member::new(chat.clone(), "lobby", "ada");
    // More than the buffers of the connection and the room can hold.
    let text = "x".repeat(4000);
    for number in 0..2000 {
        ada.say(format!("{number} {text}")).await?;
        wait_for(&mut ada, &format!("ada: {number} {text}")).await?;
    }
    // There is one more event: ada has joined.
    let (mut last, mut gaps) = (start, 0);
    while last < start + 2001 {
        let event = slow.message().await?.ok_or("the call has ended")?;
        gaps += u64::from(event.number != last + 1);
        last = event.number;
    }
    assert_eq!((last, gaps), (start + 2001, 1));
    Ok(())
}

#[tokio::test]
async fn every_line_is_received_once_however_often_the_connection_is_lost() -> Tested {
    let rooms = Rooms::new(["lobby"]);
    let address = serve(rgrpc::serve("127.0.0.1:0").service(ChatServer::new(rooms))).await?;
    let proxy = Proxy::new(address, 1500).await?;
    let mut ada = Member::new(ChatClient::new(proxy.channel()?), "lobby", "ada");
    let mut bob = Member::new(ChatClient::new(Channel::connect(format!("http://{address}")).lazy()?), "lobby", "bob");
    wait_for(&mut bob, "bob joined").await?;
    for number in 0..200 {
        ada.say(format!("{number}")).await?;
        let expected = format!("ada: {number}");
        assert_eq!(tokio::try_join!(next_line(&mut ada), next_line(&mut bob))?, (expected.clone(), expected));
    }
    assert!(proxy.forwarded() > 6000, "the connection was never lost");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn members_are_told_who_joins_and_leaves_in_any_way() -> Tested {
    let (_rooms, chat) = lobby();
    let mut ada = Member::new(chat.clone(), "lobby", "ada");
    assert_eq!(next_event(&mut ada).await?, "ada joined");
    let mut bob = Member::new(chat.clone(), "lobby", "bob");
    wait_for(&mut bob, "bob joined").await?;
    bob.say("bye").await?;
    bob.leave().await;
    for event in ["bob joined", "bob: bye", "bob left"] {
        assert_eq!(next_event(&mut ada).await?, event);
    }
    let mut bob = Member::new(chat, "lobby", "bob");
    wait_for(&mut bob, "bob joined").await?;
    drop(bob);
    for event in ["bob joined", "bob left"] {
        assert_eq!(next_event(&mut ada).await?, event);
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn joining_again_replaces_the_older_call() -> Tested {
    let (_rooms, chat) = lobby();
    let mut here = Member::new(chat.clone(), "lobby", "ada");
    wait_for(&mut here, "ada joined").await?;
    let mut there = Member::new(chat, "lobby", "ada");
    assert_eq!(next_event(&mut there).await?, "ada joined");
    assert_eq!(here.next().await.unwrap_err().code(), Code::Aborted);
    there.say("here").await?;
    assert_eq!(next_event(&mut there).await?, "ada: here");
    Ok(())
}

#[tokio::test]
async fn members_of_a_server_that_shuts_down_move_to_the_next_one() -> Tested {
    let old = Rooms::new(["lobby"]);
    let server = rgrpc::serve("127.0.0.1:0").service(ChatServer::new(old.clone())).bind().await?;
    let address = server.addresses()[0].to_string();
    let closing = old.clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let ended = tokio::spawn(server.until(async move {
        _ = stopped.await;
        closing.close();
    }));
    let mut ada = Member::new(ChatClient::new(Channel::connect(format!("http://{address}")).lazy()?), "lobby", "ada");
    wait_for(&mut ada, "ada joined").await?;
    _ = stop.send(());
    // Draining would wait longer than this for an open call.
    let (ended, _) = tokio::join!(timeout(Duration::from_secs(5), ended), async {
        // Meanwhile, the member is told to join again, and tries to.
        timeout(Duration::from_millis(200), ada.next()).await
    });
    ended??;
    // This line is said while no server is running.
    ada.say("still here").await?;
    let server = rgrpc::serve(address.as_str()).service(ChatServer::new(Rooms::new(["lobby"]))).bind().await?;
    tokio::spawn(server.until(std::future::pending()));
    assert_eq!(next_event(&mut ada).await?, "ada joined");
    assert_eq!(next_event(&mut ada).await?, "ada: still here");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_member_receives_events_of_a_server_with_lower_numbers() -> Tested {
    let (_rooms, chat) = lobby();
    let (mut requests, outgoing) = streaming::channel();
    let mut events = chat.talk(outgoing).start();
    requests.send(join_after(u64::MAX, "lobby", "ada")).await?;
    for (sent, expected) in [(None, "ada joined"), (Some(line(1, "here")), "ada: here")] {
        if let Some(line) = sent {
            requests.send(line).await?;
        }
        assert_eq!(events.message().await?.map(shown).as_deref(), Some(expected));
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_sent_again_is_said_once_however_many_lines_others_said() -> Tested {
    let (_rooms, chat) = lobby();
    let mut bob = Member::new(chat.clone(), "lobby", "bob");
    let talk = |lines: Vec<TalkRequest>| {
        let requests = [vec![join("lobby", "ada")], lines].concat();
        chat.talk(tokio_stream::iter(requests))
    };
    let _first = talk(vec![line(7, "first"), line(8, "second")]).await?;
    wait_for(&mut bob, "ada: second").await?;
    for number in 0..1001 {
        bob.say(format!("{number}")).await?;
        wait_for(&mut bob, &format!("bob: {number}")).await?;
    }
    let _second = talk(vec![line(7, "first"), line(8, "second"), line(9, "third")]).await?;
    assert_eq!(next_line(&mut bob).await?, "ada: third");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_rejected_line_does_not_end_the_membership() -> Tested {
    let (_rooms, chat) = lobby();
    let mut ada = Member::new(chat, "lobby", "ada");
    wait_for(&mut ada, "ada joined").await?;
    assert_eq!(ada.say("x".repeat(4097)).await.unwrap_err().code(), Code::InvalidArgument);
    for number in 0..100 {
        ada.say(format!("{number}")).await?;
    }
    assert_eq!(ada.say("too many").await.unwrap_err().code(), Code::ResourceExhausted);
    for number in 0..100 {
        assert_eq!(next_event(&mut ada).await?, format!("ada: {number}"));
    }
    ada.say("again").await?;
    assert_eq!(next_event(&mut ada).await?, "ada: again");
    Ok(())
}

/// A server that fails each call, and counts the calls.
#[derive(Clone, Default)]
struct Unavailable(Arc<AtomicU64>);

impl Chat for Unavailable {
    async fn talk(
        &self,
        _: rgrpc::Request<Streaming<TalkRequest>>,
    ) -> Result<Response<impl ServerStream<Event>>, Status> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err::<Response<tokio_stream::Empty<_>>, _>(Status::unavailable("try again"))
    }
}

#[tokio::test(start_paused = true)]
async fn cancelling_next_does_not_shorten_the_pauses() {
    let server = Unavailable::default();
    let mut ada = Member::new(ChatClient::new(Channel::new(ChatServer::new(server.clone()))), "lobby", "ada");
    for _ in 0..1000 {
        assert!(timeout(Duration::from_millis(1), ada.next()).await.is_err());
    }
    // The pauses are 50, 100, 200, 400 and 800 ms, or down to half of that.
    let calls = server.0.load(Ordering::Relaxed);
    assert!((4..=7).contains(&calls), "{calls} calls in a second");
}

#[tokio::test(start_paused = true)]
async fn invalid_requests_are_rejected() {
    let long = "x".repeat(4097);
    for (requests, code) in [
        (vec![line(1, "first")], Code::InvalidArgument),
        (vec![], Code::InvalidArgument),
        (vec![join("lobby", "")], Code::InvalidArgument),
        (vec![join("cellar", "ada")], Code::NotFound),
        (vec![join("lobby", "ada"), join("rust", "ada")], Code::InvalidArgument),
        (vec![join("lobby", "ada"), line(1, &long)], Code::InvalidArgument),
    ] {
        let (_rooms, chat) = lobby();
        let talked = async {
            let mut events = chat.talk(tokio_stream::iter(requests.clone())).await?.into_inner();
            while events.message().await?.is_some() {}
            Ok::<_, Status>(())
        };
        assert_eq!(talked.await.unwrap_err().code(), code, "{requests:?}");
    }
}
