//! The account service over a map in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use rgrpc::{Request, Response, Status};

use crate::auth::Caller;
use crate::proto::accounts::v1::account_service_server::AccountService;
use crate::proto::accounts::v1::{
    Account, CreateAccountRequest, DeleteAccountRequest, GetAccountRequest, ListAccountsRequest, ListAccountsResponse,
    State, UpdateAccountRequest,
};

/// The accounts, by id.
#[derive(Debug, Default)]
pub struct Accounts(Mutex<BTreeMap<String, Account>>);

impl AccountService for Accounts {
    async fn create_account(&self, request: Request<CreateAccountRequest>) -> Result<Response<Account>, Status> {
        let Caller(created_by) = Caller::of(&request)?;
        let CreateAccountRequest { owner, balance_cents } = request.into_inner();
        if owner.is_empty() {
            return Err(Status::invalid_argument("an account needs an owner"));
        }
        let mut accounts = self.lock();
        let id = format!("account-{}", accounts.len() + 1);
        let account = Account {
            id: id.clone(),
            owner,
            balance_cents,
            state: State::Open.into(),
            created_at: Some(SystemTime::now().into()),
            created_by,
        };
        accounts.insert(id.clone(), account.clone());
        let mut response = Response::new(account);
        let location = format!("/accounts/{id}").parse().map_err(|_| Status::internal("the id is not ASCII"))?;
        response.metadata_mut().insert("location", location);
        Ok(response)
    }

    async fn get_account(&self, request: Request<GetAccountRequest>) -> Result<Response<Account>, Status> {
        let id = request.into_inner().id;
        self.lock().get(&id).cloned().map(Response::new).ok_or_else(|| not_found(&id))
    }

    async fn list_accounts(
        &self,
        request: Request<ListAccountsRequest>,
    ) -> Result<Response<ListAccountsResponse>, Status> {
        let state = request.get_ref().state();
        let mut accounts: Vec<Account> = self.lock().values().cloned().collect();
        accounts.retain(|account| state == State::Unspecified || account.state() == state);
        Ok(Response::new(ListAccountsResponse { accounts }))
    }

    async fn update_account(&self, request: Request<UpdateAccountRequest>) -> Result<Response<Account>, Status> {
        let UpdateAccountRequest { id, owner, state } = request.into_inner();
        let mut accounts = self.lock();
        let account = accounts.get_mut(&id).ok_or_else(|| not_found(&id))?;
        account.owner = owner.unwrap_or_else(|| account.owner.clone());
        account.state = state.unwrap_or(account.state);
        Ok(Response::new(account.clone()))
    }

    async fn delete_account(&self, request: Request<DeleteAccountRequest>) -> Result<Response<()>, Status> {
        let id = request.into_inner().id;
        let mut accounts = self.lock();
        let account = accounts.get(&id).ok_or_else(|| not_found(&id))?;
        if account.balance_cents != 0 {
            return Err(Status::failed_precondition(format!("`{id}` still has {} cents", account.balance_cents)));
        }
        accounts.remove(&id);
        Ok(Response::new(()))
    }
}

impl Accounts {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn not_found(id: &str) -> Status {
    Status::not_found(format!("no account has the id `{id}`"))
}
