//! Calls every method, with success and with every error, and records each result as a line.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use rgrpc::{Request, Response, Status};

use crate::client::connect;
use crate::proto::accounts::v1::{
    Account, CreateAccountRequest, DeleteAccountRequest, GetAccountRequest, ListAccountsRequest, State,
    UpdateAccountRequest,
};

/// Calls the server at an address, and returns the results.
///
/// # Errors
/// Returns an error if the server cannot be reached.
pub async fn tour(address: SocketAddr) -> Result<Vec<String>, Box<dyn Error>> {
    let client = connect(address, "token-of-ada").await?;
    let mut results = Vec::new();

    let create = |owner: &str, balance_cents| CreateAccountRequest { owner: owner.to_owned(), balance_cents };
    let created = client.create_account(create("Grace", 0)).await?;
    let location = created.metadata().get("location").ok_or("the response has no location")?.to_str()?;
    results.push(format!("{location}: {}", show(created.get_ref())));
    client.create_account(create("Alan", 250)).await?;
    results.push(answer(client.create_account(create("", 0)).await, |account| show(&account)));

    let get = |id: &str| GetAccountRequest { id: id.to_owned() };
    let mut request = Request::new(get("account-2"));
    request.set_timeout(Duration::from_secs(10));
    request.metadata_mut().insert("trace-id", "7".parse()?);
    results.push(answer(client.get_account(request).await, |account| show(&account)));
    results.push(answer(client.get_account(get("account-9")).await, |account| show(&account)));

    let update = UpdateAccountRequest { id: "account-2".to_owned(), state: Some(State::Frozen.into()), owner: None };
    results.push(answer(client.update_account(update).await, |account| show(&account)));
    for state in [State::Unspecified, State::Frozen] {
        let response = client.list_accounts(ListAccountsRequest { state: state.into() }).await?.into_inner();
        results.push(format!("{state:?}: {}", response.accounts.iter().map(show).collect::<Vec<_>>().join("; ")));
    }

    for id in ["account-1", "account-2"] {
        let deleted = client.delete_account(DeleteAccountRequest { id: id.to_owned() }).await;
        results.push(answer(deleted, |()| format!("deleted {id}")));
    }

    let stranger = connect(address, "stolen").await?;
    results.push(answer(stranger.get_account(get("account-2")).await, |account| show(&account)));
    Ok(results)
}

fn answer<T>(result: Result<Response<T>, Status>, show: impl FnOnce(T) -> String) -> String {
    match result {
        Ok(response) => show(response.into_inner()),
        Err(status) => format!("{:?}: {}", status.code(), status.message()),
    }
}

fn show(account: &Account) -> String {
    let Account { id, owner, balance_cents, created_by, .. } = account;
    let dated = if account.created_at.is_some() { "dated" } else { "undated" };
    format!("{id} of {owner}, {balance_cents} cents, {:?}, {dated}, by {created_by}", account.state())
}
