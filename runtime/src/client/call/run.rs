//! Runs a call with a stream in either direction: sends attempts until one succeeds or no further one is allowed.

use http::uri::PathAndQuery;
use tonic::{Response, Status};

use super::PreparedCall;
use crate::client::attempt::{AttemptResponse, attempt};
#[cfg(feature = "retry")]
use crate::client::retry::hedge;
use crate::client::retry::{self, Failure, PastAttempts};
use crate::deadline::termination::Termination;
use crate::streaming::Incoming;

/// Runs the call, and returns its stream of responses.
pub(crate) async fn stream(call: &mut PreparedCall) -> Result<Response<Incoming>, Status> {
    #[cfg(feature = "balance")]
    call.await_config().await?;
    let (path, mut termination) = call.begin()?;
    let link = call.requests.link();
    match attempted(call, path, &mut termination).await {
        Ok((response, requests, observed)) => {
            call.succeeded();
            call.requests.commit();
            let watches = observed.into_watches();
            Ok(response.map(|responses| responses.until(termination).to(requests).watched_by(watches)))
        }
        Err(status) => {
            let outcome = Err(termination.map_status(status));
            if let Some(link) = link {
                link.end(&outcome);
            }
            outcome
        }
    }
}

/// Sends attempts until one succeeds or no further one is allowed.
async fn attempted(
    call: &mut PreparedCall,
    path: PathAndQuery,
    termination: &mut Termination,
) -> Result<AttemptResponse, Status> {
    #[cfg(feature = "retry")]
    if let Some((configured, policy)) = call.hedging() {
        let once = |previous, cause| {
            let (mut call, superseded) = call.parallel(previous, cause)?;
            let path = path.clone();
            Some(hedge::until(superseded, async move {
                let attempted = attempt(&mut call, path, &mut Termination::default()).await?;
                call.requests.commit();
                Ok(attempted)
            }))
        };
        return termination.limit(std::pin::pin!(hedge::race(&configured, &policy, once))).await?;
    }
    let mut attempts = PastAttempts::default();
    loop {
        let failure = match attempt(call, path.clone(), termination).await {
            Ok(attempted) => return Ok(attempted),
            Err(status) => Failure::from(status),
        };
        match attempts.next(&failure, call) {
            Some(pause) => retry::pause(termination, pause, &failure).await?,
            None => return Err(failure.status),
        }
    }
}
