//! Rooms with members who talk, who read nothing, who lose their connection, and whose server ends.

mod support;

use rgrpc::{Channel, Code, Status, streaming};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;
use support::{Line, served};
use tokio::time::timeout;
use uses::chat::{Member, Rooms};
use uses::proto::chat::v1::chat_client::ChatClient;
use uses::proto::chat::v1::chat_server::ChatServer;
use uses::proto::chat::v1::event::What;
use uses::proto::chat::v1::talk_request::Request;
use uses::proto::chat::v1::{self, Event, Join, TalkRequest};

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
    TalkRequest { request: Some(Request::Join(Join { room: room.into(), name: name.into(), after: 0 })) }
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
                member.say(text).await;
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
    let chat = ChatClient::new(Channel::connect_lazy(format!("http://{address}"))?);
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
        ada.say(format!("{number} {text}")).await;
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
    let mut bob = Member::new(ChatClient::new(Channel::connect_lazy(format!("http://{address}"))?), "lobby", "bob");
    hear(&mut bob, "bob joined").await?;
    for number in 0..200 {
        ada.say(format!("{number}")).await;
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
    bob.say("bye").await;
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
    there.say("here").await;
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
    let mut ada = Member::new(ChatClient::new(Channel::connect_lazy(format!("http://{address}"))?), "lobby", "ada");
    hear(&mut ada, "ada joined").await?;
    _ = stop.send(());
    // Its drain would wait longer for a call.
    let (ended, _) = tokio::join!(timeout(Duration::from_secs(5), ended), async {
        // The member hears of it, and tries again meanwhile.
        timeout(Duration::from_millis(200), ada.next()).await
    });
    ended??;
    // Said while no server is there.
    ada.say("still here").await;
    let server = rgrpc::serve(address.as_str()).service(ChatServer::new(Rooms::new(["lobby"]))).bind().await?;
    tokio::spawn(server.until(std::future::pending()));
    assert_eq!(heard(&mut ada).await?, "ada joined");
    assert_eq!(heard(&mut ada).await?, "ada: still here");
    Ok(())
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
