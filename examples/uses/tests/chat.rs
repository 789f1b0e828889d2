//! Rooms with members who talk, who read nothing, who lose their connection, and whose server ends.

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

use support::{Line, served};

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

async fn heard(member: &mut Member) -> Result<String, Status> {
    Ok(shown(member.next().await?))
}

/// Hears events until one is as expected.
async fn hear(member: &mut Member, expected: &str) -> Result<(), Status> {
    while heard(member).await? != expected {}
    Ok(())
}

/// Hears events until one is a line.
async fn line_heard(member: &mut Member) -> Result<String, Status> {
    loop {
        let event = heard(member).await?;
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
async fn all_members_of_a_room_hear_the_same_in_the_same_order() -> Tested {
    let (_rooms, chat) = lobby();
    let mut members = Vec::new();
    for number in 0..50 {
        let room = if number % 2 == 0 { "lobby" } else { "rust" };
        let mut member = Member::new(chat.clone(), room, format!("{number}"));
        hear(&mut member, &format!("{number} joined")).await?;
        members.push((room, member));
    }
    let talking = members.into_iter().map(|(room, mut member)| {
        tokio::spawn(async move {
            for text in ["one", "two", "three"] {
                member.say(text).await?;
            }
            let mut lines = Vec::new();
            for _ in 0..25 * 3 {
                lines.push(line_heard(&mut member).await?);
            }
            Ok::<_, Status>((room, lines))
        })
    });
    let mut heard = BTreeMap::<_, Vec<_>>::new();
    for talk in talking.collect::<Vec<_>>() {
        let (room, lines) = talk.await??;
        heard.entry(room).or_default().push(lines);
    }
    assert_eq!(heard.len(), 2);
    for (room, heard) in heard {
        assert_eq!(heard.len(), 25);
        assert!(heard.iter().all(|lines| *lines == heard[0]), "{room}");
    }
    Ok(())
}

#[tokio::test]
async fn a_member_who_reads_nothing_holds_nobody_up_and_misses_what_is_too_old() -> Tested {
    let rooms = Rooms::new(["lobby"]);
    let address = served(rgrpc::serve("127.0.0.1:0").service(ChatServer::new(rooms))).await?;
    let chat = ChatClient::new(Channel::connect(format!("http://{address}")).lazy()?);
    let (mut requests, outgoing) = streaming::channel();
    let mut slow = chat.talk(outgoing).start();
    requests.send(join("lobby", "slow")).await?;
    let first = slow.message().await?.ok_or("the call has ended")?;
    let start = first.number;
    assert_eq!(shown(first), "slow joined");

    let mut ada = Member::new(chat.clone(), "lobby", "ada");
    // More than connections and rooms hold.
    let text = "x".repeat(4000);
    for number in 0..2000 {
        ada.say(format!("{number} {text}")).await?;
        hear(&mut ada, &format!("ada: {number} {text}")).await?;
    }
    // One more event is that ada has joined.
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
async fn every_line_is_said_and_heard_once_however_often_the_line_breaks() -> Tested {
    let rooms = Rooms::new(["lobby"]);
    let address = served(rgrpc::serve("127.0.0.1:0").service(ChatServer::new(rooms))).await?;
    let broken = Line::new(address, 1500).await?;
    let mut ada = Member::new(ChatClient::new(broken.channel()?), "lobby", "ada");
    let mut bob = Member::new(ChatClient::new(Channel::connect(format!("http://{address}")).lazy()?), "lobby", "bob");
    hear(&mut bob, "bob joined").await?;
    for number in 0..200 {
        ada.say(format!("{number}")).await?;
        let expected = format!("ada: {number}");
        assert_eq!(tokio::try_join!(line_heard(&mut ada), line_heard(&mut bob))?, (expected.clone(), expected));
    }
    assert!(broken.carried() > 6000, "the line never broke");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_others_hear_who_comes_and_who_goes_however_they_go() -> Tested {
    let (_rooms, chat) = lobby();
    let mut ada = Member::new(chat.clone(), "lobby", "ada");
    assert_eq!(heard(&mut ada).await?, "ada joined");
    let mut bob = Member::new(chat.clone(), "lobby", "bob");
    hear(&mut bob, "bob joined").await?;
    bob.say("bye").await?;
    bob.leave().await;
    for event in ["bob joined", "bob: bye", "bob left"] {
        assert_eq!(heard(&mut ada).await?, event);
    }
    let mut bob = Member::new(chat, "lobby", "bob");
    hear(&mut bob, "bob joined").await?;
    drop(bob);
    for event in ["bob joined", "bob left"] {
        assert_eq!(heard(&mut ada).await?, event);
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_member_who_joins_again_takes_the_place_of_the_older_call() -> Tested {
    let (_rooms, chat) = lobby();
    let mut here = Member::new(chat.clone(), "lobby", "ada");
    hear(&mut here, "ada joined").await?;
    let mut there = Member::new(chat, "lobby", "ada");
    assert_eq!(heard(&mut there).await?, "ada joined");
    assert_eq!(here.next().await.unwrap_err().code(), Code::Aborted);
    there.say("here").await?;
    assert_eq!(heard(&mut there).await?, "ada: here");
    Ok(())
}

#[tokio::test]
async fn members_of_a_server_that_ends_go_on_with_the_next() -> Tested {
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
    hear(&mut ada, "ada joined").await?;
    _ = stop.send(());
    // Its drain would wait longer for a call.
    let (ended, _) = tokio::join!(timeout(Duration::from_secs(5), ended), async {
        // The member hears of it, and tries again meanwhile.
        timeout(Duration::from_millis(200), ada.next()).await
    });
    ended??;
    // Said while no server is there.
    ada.say("still here").await?;
    let server = rgrpc::serve(address.as_str()).service(ChatServer::new(Rooms::new(["lobby"]))).bind().await?;
    tokio::spawn(server.until(std::future::pending()));
    assert_eq!(heard(&mut ada).await?, "ada joined");
    assert_eq!(heard(&mut ada).await?, "ada: still here");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_member_hears_the_room_of_a_server_with_lower_numbers() -> Tested {
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
async fn a_line_that_is_sent_again_is_said_once_however_much_others_said() -> Tested {
    let (_rooms, chat) = lobby();
    let mut bob = Member::new(chat.clone(), "lobby", "bob");
    let talk = |lines: Vec<TalkRequest>| {
        let requests = [vec![join("lobby", "ada")], lines].concat();
        chat.talk(tokio_stream::iter(requests))
    };
    let _first = talk(vec![line(7, "first"), line(8, "second")]).await?;
    hear(&mut bob, "ada: second").await?;
    for number in 0..1001 {
        bob.say(format!("{number}")).await?;
        hear(&mut bob, &format!("bob: {number}")).await?;
    }
    let _second = talk(vec![line(7, "first"), line(8, "second"), line(9, "third")]).await?;
    assert_eq!(line_heard(&mut bob).await?, "ada: third");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_line_that_no_room_takes_is_refused_and_the_member_talks_on() -> Tested {
    let (_rooms, chat) = lobby();
    let mut ada = Member::new(chat, "lobby", "ada");
    hear(&mut ada, "ada joined").await?;
    assert_eq!(ada.say("x".repeat(4097)).await.unwrap_err().code(), Code::InvalidArgument);
    for number in 0..100 {
        ada.say(format!("{number}")).await?;
    }
    assert_eq!(ada.say("too many").await.unwrap_err().code(), Code::ResourceExhausted);
    for number in 0..100 {
        assert_eq!(heard(&mut ada).await?, format!("ada: {number}"));
    }
    ada.say("again").await?;
    assert_eq!(heard(&mut ada).await?, "ada: again");
    Ok(())
}

/// A server that ends each call, and counts them.
#[derive(Clone, Default)]
struct Away(Arc<AtomicU64>);

impl Chat for Away {
    async fn talk(
        &self,
        _: rgrpc::Request<Streaming<TalkRequest>>,
    ) -> Result<Response<impl ServerStream<Event>>, Status> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err::<Response<tokio_stream::Empty<_>>, _>(Status::unavailable("away"))
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_who_is_interrupted_does_not_call_more_often() {
    let away = Away::default();
    let mut ada = Member::new(ChatClient::new(Channel::new(ChatServer::new(away.clone()))), "lobby", "ada");
    for _ in 0..1000 {
        assert!(timeout(Duration::from_millis(1), ada.next()).await.is_err());
    }
    // Pauses of 50, 100, 200, 400 and 800 ms, each of them down to half as long.
    let calls = away.0.load(Ordering::Relaxed);
    assert!((4..=7).contains(&calls), "{calls} calls in a second");
}

#[tokio::test(start_paused = true)]
async fn requests_that_mean_nothing_are_refused() {
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
