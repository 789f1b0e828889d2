//! Reloads a TLS configuration when the files of its credentials change.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::InvalidTls;
use super::credentials::Credentials;
use super::pem::{Pem, PemText};
use super::validity::Validity;
use crate::telemetry::metrics::{expires, reloaded, reloading};

/// The least time between two looks at the files: a certificate is renewed days before its end, and Kubernetes takes a minute to show a new one.
pub(super) const INTERVAL: Duration = Duration::from_secs(10);

/// How often an operator is reminded.
const REMIND: Duration = Duration::from_secs(60 * 60);

type Make<C> = Box<dyn Fn(&Credentials<PemText>) -> Result<C, InvalidTls> + Send + Sync>;

/// A configuration that follows the files of its credentials.
pub(super) struct Reloaded<C> {
    /// For the operator: `client` or `server`.
    whose: &'static str,
    sources: Credentials<Pem>,
    interval: Duration,
    make: Make<C>,
    state: Mutex<RenewalState<C>>,
}

struct RenewalState<C> {
    config: Arc<C>,
    validity: Option<Validity>,
    read: Credentials<PemText>,
    looked: Option<Instant>,
    /// The last message to the operator, and when that was.
    complaint: Option<(String, Instant)>,
    reminded: Option<Instant>,
}

impl<C: Send + Sync + 'static> Reloaded<C> {
    pub(super) fn new(
        whose: &'static str,
        sources: Credentials<Pem>,
        interval: Duration,
        make: impl Fn(&Credentials<PemText>) -> Result<C, InvalidTls> + Send + Sync + 'static,
    ) -> Result<Arc<Self>, InvalidTls> {
        let read = sources.read()?;
        let config = Arc::new(make(&read)?);
        let validity = read.validity();
        reloading(whose);
        tell_expiry(whose, validity);
        let state = RenewalState { config, validity, read, looked: None, complaint: None, reminded: None };
        Ok(Arc::new(Self { whose, sources, interval, make: Box::new(make), state: Mutex::new(state) }))
    }

    /// The configuration for a connection that begins now.
    pub(super) async fn current(self: &Arc<Self>) -> Arc<C> {
        if self.is_due() {
            let this = self.clone();
            // A task that cannot run leaves things as they are.
            let _ = tokio::task::spawn_blocking(move || this.look()).await;
        }
        self.state().config.clone()
    }

    fn state(&self) -> MutexGuard<'_, RenewalState<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is time to look, for this caller alone.
    fn is_due(&self) -> bool {
        let mut state = self.state();
        let may_change = state.validity.is_some() || self.sources.are_in_files();
        let due = may_change && state.looked.is_none_or(|looked| looked.elapsed() >= self.interval);
        if due {
            state.looked = Some(Instant::now());
        }
        due
    }

    fn look(&self) {
        if self.sources.are_in_files()
            && let Err(problem) = self.renew()
        {
            self.complain(&problem);
        }
        self.remind();
    }

    fn renew(&self) -> Result<(), InvalidTls> {
        let read = self.sources.read()?;
        if self.state().read == read {
            return Ok(());
        }
        let config = Arc::new((self.make)(&read)?);
        let validity = read.validity();
        let mut state = self.state();
        let expired = |validity: Option<Validity>| validity.is_some_and(|validity| validity.has_expired());
        if expired(validity) && !expired(state.validity) {
            return Err(InvalidTls::new("the new certificate has expired"));
        }
        let (complaint, reminded) = (None, None);
        tell_expiry(self.whose, validity);
        *state = RenewalState { config, validity, read, looked: state.looked, complaint, reminded };
        reloaded(self.whose, true);
        tracing::info!(whose = self.whose, "TLS: new certificates are in use");
        Ok(())
    }

    /// Tells the operator why the old certificates stay: once, and again now and then for as long as they do.
    fn complain(&self, problem: &InvalidTls) {
        let mut state = self.state();
        let problem = problem.to_string();
        let is_known = |(last, at): &(String, Instant)| *last == problem && at.elapsed() < REMIND;
        if !state.complaint.as_ref().is_some_and(is_known) {
            reloaded(self.whose, false);
            tracing::warn!(whose = self.whose, problem, "TLS: the old certificates stay in use");
            state.complaint = Some((problem, Instant::now()));
        }
    }

    /// Tells the operator of a certificate that ends soon, now and then.
    fn remind(&self) {
        let mut state = self.state();
        let Some(validity) = state.validity.filter(Validity::ends_soon) else { return };
        if state.reminded.is_none_or(|reminded| reminded.elapsed() >= REMIND) {
            state.reminded = Some(Instant::now());
            if validity.has_expired() {
                tracing::error!(whose = self.whose, "TLS: the certificate has expired; renew it");
            } else {
                let hours = validity.left().as_secs() / 3600;
                tracing::warn!(whose = self.whose, hours, "TLS: the certificate expires soon; renew it");
            }
        }
    }
}

/// Tells when the certificate of `whose` ends.
fn tell_expiry(whose: &'static str, validity: Option<Validity>) {
    if let Some(validity) = validity {
        expires(whose, validity.until);
    }
}

impl<C> fmt::Debug for Reloaded<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reloaded").field("whose", &self.whose).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, fs, process};
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn files_that_cannot_be_used_are_told_of_again_every_hour_for_as_long_as_that_lasts() {
        let path = env::temp_dir().join(format!("rgrpc-reloaded-{}.pem", process::id()));
        fs::write(&path, "old").unwrap();
        let sources = Credentials { identity: None, authorities: vec![Pem::File(path.clone())] };
        let config = Reloaded::new("server", sources, INTERVAL, |_| Ok(())).unwrap();
        fs::remove_file(&path).unwrap();
        let told = || config.state().complaint.as_ref().map(|(_, at)| at.elapsed().as_secs() / 60);
        for (minutes, expected) in [(0, 0), (59, 59), (1, 0), (59, 59), (1, 0)] {
            advance(Duration::from_secs(minutes * 60)).await;
            config.look();
            assert_eq!(told(), Some(expected));
        }
        fs::write(&path, "new").unwrap();
        config.look();
        assert_eq!(told(), None);
        fs::remove_file(path).unwrap();
    }
}
