//! The board of notes as a program: `notes serve <address>` serves a board, and `notes call <address>` creates and reads notes on one.

use std::error::Error;

use rgrpc::{Channel, Code};
use uses::gateway::Board;
use uses::proto::notes::v1::notes_client::NotesClient;
use uses::proto::notes::v1::notes_server::NotesServer;
use uses::proto::notes::v1::{GetNoteRequest, ListNotesRequest, Note};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", address] => serve(address).await,
        ["call", address] => call(address).await,
        _ => Err("usage: notes serve <address> | notes call <address>".into()),
    }
}

async fn serve(address: &str) -> Result<(), Box<dyn Error>> {
    let server = rgrpc::serve(address).service(NotesServer::new(Board::default())).bind().await?;
    println!("{}", server.addresses()[0]);
    server.until_signal().await?;
    Ok(())
}

/// Creates notes, and prints them as the server returns them.
async fn call(address: &str) -> Result<(), Box<dyn Error>> {
    let notes = NotesClient::new(Channel::connect(format!("http://{address}")).await?);
    for text in ["hi from Rust", "grüße"] {
        let note = Note { author_name: "Ada".to_owned(), text: text.to_owned(), ..Note::default() };
        println!("{}", serde_json::to_string(notes.create_note(note).await?.get_ref())?);
    }
    let list = notes.list_notes(ListNotesRequest { author_name: "Ada".to_owned() }).await?.into_inner();
    println!("{} notes", list.notes.len());
    match notes.get_note(GetNoteRequest { id: 99 }).await {
        Err(status) if status.code() == Code::NotFound => println!("{}", status.message()),
        other => return Err(format!("unexpected response to an unknown id: {other:?}").into()),
    }
    Ok(())
}
