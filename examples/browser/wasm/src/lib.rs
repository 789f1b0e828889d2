//! Clients that rgrpc generated, in a page: a channel over `fetch`, and calls as anywhere else.

use proto::calculator::v1::{CalculateTaxRequest, calculator_service_client::CalculatorServiceClient};
use proto::grpc::health::v1::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus, health_client::HealthClient,
};
use proto::user::v1::{GetUserRequest, ListUsersRequest, user_service_client::UserServiceClient};
use rgrpc::{Channel, Status, Streaming, error_details::StatusExt};
use tonic_web_wasm_client::Client;
use wasm_bindgen::prelude::wasm_bindgen;

#[allow(missing_docs)]
mod proto {
    rgrpc::include_protos!();
}

/// Makes a call to `server`, and says what came of it.
///
/// # Errors
///
/// If it did not come to what there is to say.
#[wasm_bindgen]
pub async fn make_call(server: String, what: String) -> Result<String, String> {
    let channel = Channel::local(Client::new(server));
    let called = match what.as_str() {
        "one" => one(channel, "user-1").await,
        "stream" => stream(channel).await,
        "error" => return failure(one(channel, "größer").await, |status| status.message().to_owned()),
        "details" => return failure(tax_of_nowhere(channel).await, violation),
        "deadline" => return deadline(channel).await.map_err(|status| status.to_string()),
        "cancel" => cancel(channel).await,
        _ => return Err(format!("unknown call `{what}`")),
    };
    called.map_err(|status| status.to_string())
}

async fn one(channel: Channel, id: &str) -> Result<String, Status> {
    let user = UserServiceClient::new(channel).get_user(GetUserRequest { id: id.into() }).await?;
    Ok(user.into_inner().user.unwrap_or_default().display_name)
}

async fn stream(channel: Channel) -> Result<String, Status> {
    let mut users = UserServiceClient::new(channel).list_users(ListUsersRequest::default()).await?.into_inner();
    let mut names = Vec::new();
    while let Some(response) = users.message().await? {
        names.push(response.user.unwrap_or_default().display_name);
    }
    Ok(names.join(", "))
}

async fn tax_of_nowhere(channel: Channel) -> Result<String, Status> {
    let request = CalculateTaxRequest { amount_cents: 1999, country_code: "XX".into() };
    let tax = CalculatorServiceClient::new(channel).calculate_tax(request).await?;
    Ok(format!("{tax:?}"))
}

fn failure(called: Result<String, Status>, of: impl FnOnce(&Status) -> String) -> Result<String, String> {
    match called {
        Ok(response) => Err(format!("it succeeded: {response}")),
        Err(status) => Ok(format!("{:?}: {}", status.code(), of(&status))),
    }
}

fn violation(status: &Status) -> String {
    let violations = status.get_details_bad_request().map(|bad| bad.field_violations).unwrap_or_default();
    violations.into_iter().map(|violation| violation.field).collect()
}

async fn watch(channel: Channel, timeout: &'static str) -> Result<Streaming<HealthCheckResponse>, Status> {
    let call = HealthClient::new(channel).watch(HealthCheckRequest::default());
    let call = if timeout.is_empty() { call } else { call.metadata("grpc-timeout", timeout) };
    Ok(call.await?.into_inner())
}

fn name(response: Option<HealthCheckResponse>) -> &'static str {
    response.map_or(ServingStatus::Unknown, |response| response.status()).as_str_name()
}

async fn deadline(channel: Channel) -> Result<String, Status> {
    let mut statuses = watch(channel, "500m").await?;
    let first = name(statuses.message().await?);
    match statuses.message().await {
        Ok(_) => Ok(format!("no end after {first}")),
        Err(status) => Ok(format!("{:?} after {first}", status.code())),
    }
}

async fn cancel(channel: Channel) -> Result<String, Status> {
    let mut statuses = watch(channel, "").await?;
    let first = name(statuses.message().await?);
    drop(statuses);
    Ok(format!("{first}, and no more"))
}
