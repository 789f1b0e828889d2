//! Calls a server once for each case it is told, under a service config, and prints the status codes; for `.ci/grpcio`.

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../tests/proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use std::env;
use std::error::Error;
use std::time::Duration;

use rgrpc::Channel;
use rgrpc::service_config::ServiceConfig;

use user_v1::GetUserRequest;
use user_v1::user_service_client::UserServiceClient;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [target, config, cases @ ..] = arguments.as_slice() else {
        return Err("<target> <service config> <case>..".into());
    };
    let target = Channel::target(target).service_config(ServiceConfig::from_json(config)?);
    let client = UserServiceClient::new(target.channel()?);
    for case in cases {
        let result = client.get_user(GetUserRequest { user_id: case.clone() }).timeout(Duration::from_secs(5)).await;
        println!("{}", result.map_or_else(|status| status.code() as i32, |_| 0));
    }
    Ok(())
}
