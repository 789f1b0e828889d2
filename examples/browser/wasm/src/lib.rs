//! Calls from a page with clients that rgrpc generates, over `fetch`.

mod observed;

use std::time::Duration;

use rgrpc::{Channel, Status, metrics, otel, traces};
use tonic_web_wasm_client::Client;
use wasm_bindgen::prelude::wasm_bindgen;

use proto::grpc::health::v1::health_check_response::ServingStatus;
use proto::grpc::health::v1::health_client::HealthClient;
use proto::grpc::health::v1::{HealthCheckRequest, HealthCheckResponse};
use proto::user::v1::user_service_client::UserServiceClient;
use proto::user::v1::{GetUserRequest, ListUsersRequest};

#[allow(missing_docs)]
mod proto {
    rgrpc::include_protos!();
}

/// Makes one of the calls below to `server`, and describes its result.
///
/// # Errors
///
/// Returns an error if the call is unknown or fails unexpectedly.
#[wasm_bindgen]
pub async fn make_call(server: String, call: String) -> Result<String, String> {
    let channel = Channel::local(Client::new(server));
    let result = match call.as_str() {
        "one" => one(channel).await,
        "stream" => stream(channel).await,
        "error" => error(channel).await,
        "deadline" => deadline(channel).await,
        "in time" => one(channel.timeout(Duration::from_secs(60))).await,
        "cancel" => cancel(channel).await,
        "observed" => observed(channel).await,
        _ => return Err(format!("unknown call `{call}`")),
    };
    result.map_err(|status| status.to_string())
}

async fn one(channel: Channel) -> Result<String, Status> {
    let user = UserServiceClient::new(channel).get_user(GetUserRequest { id: "user-1".into() }).await?;
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

async fn error(channel: Channel) -> Result<String, Status> {
    let request = GetUserRequest { id: "größer".into() };
    match UserServiceClient::new(channel).get_user(request).await {
        Ok(_) => Ok("it succeeded".to_owned()),
        Err(status) => Ok(format!("{:?}: {}", status.code(), status.message())),
    }
}

/// A health watch never ends by itself.
async fn deadline(channel: Channel) -> Result<String, Status> {
    let watch = HealthClient::new(channel).watch(HealthCheckRequest::default()).timeout(Duration::from_millis(500));
    let mut statuses = watch.await?.into_inner();
    let first = name(statuses.message().await?);
    match statuses.message().await {
        Ok(next) => Ok(format!("{} after {first}", name(next))),
        Err(status) => Ok(format!("{:?} after {first}", status.code())),
    }
}

fn name(response: Option<HealthCheckResponse>) -> &'static str {
    response.map_or(ServingStatus::Unknown, |response| response.status()).as_str_name()
}

async fn cancel(channel: Channel) -> Result<String, Status> {
    let mut statuses = HealthClient::new(channel).watch(HealthCheckRequest::default()).await?.into_inner();
    let first = name(statuses.message().await?);
    drop(statuses);
    Ok(format!("{first}, and no more"))
}

/// Metrics and traces work as on any other client.
async fn observed(channel: Channel) -> Result<String, Status> {
    let counted = observed::Counted::start();
    let meter = opentelemetry::global::meter("page");
    let channel = channel.intercept(traces::client()).intercept(metrics::client()).intercept(otel::client(&meter));
    one(channel).await?;
    Ok(counted.to_string())
}
