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

/// The shortest time between two checks of the files. Certificates are renewed days before they expire, and Kubernetes takes about a minute to
/// update a file.
pub(super) const INTERVAL: Duration = Duration::from_secs(10);

/// The interval of repeated warnings.
const WARNING_INTERVAL: Duration = Duration::from_secs(60 * 60);

type Make<C> = Box<dyn Fn(&Credentials<PemText>) -> Result<C, InvalidTls> + Send + Sync>;

/// A configuration of rustls that is renewed when the files of its credentials change.
pub(super) struct Reloaded<C> {
    /// `client` or `server`, for logs.
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
    checked: Option<Instant>,
    /// The last problem that was logged, and when.
    logged: Option<(String, Instant)>,
    warned: Option<Instant>,
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
        record_expiry(whose, validity);
        let state = RenewalState { config, validity, read, checked: None, logged: None, warned: None };
        Ok(Arc::new(Self { whose, sources, interval, make: Box::new(make), state: Mutex::new(state) }))
    }

    /// The configuration for a new connection.
    pub(super) async fn current(self: &Arc<Self>) -> Arc<C> {
        if self.is_due() {
            let this = self.clone();
            // If the task cannot run, the old configuration stays.
            let _ = tokio::task::spawn_blocking(move || this.check()).await;
        }
        self.state().config.clone()
    }

    fn state(&self) -> MutexGuard<'_, RenewalState<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the files are due for a check, for one caller only.
    fn is_due(&self) -> bool {
        let mut state = self.state();
        let may_change = state.validity.is_some() || self.sources.are_in_files();
        let due = may_change && state.checked.is_none_or(|checked| checked.elapsed() >= self.interval);
        if due {
            state.checked = Some(Instant::now());
        }
        due
    }

    fn check(&self) {
        if self.sources.are_in_files()
            && let Err(problem) = self.renew()
        {
            self.log(&problem);
        }
        self.warn_of_expiry();
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
        let (logged, warned) = (None, None);
        record_expiry(self.whose, validity);
        *state = RenewalState { config, validity, read, checked: state.checked, logged, warned };
        reloaded(self.whose, true);
        tracing::info!(whose = self.whose, "TLS: new certificates are in use");
        Ok(())
    }

    /// Logs why the old certificates stay in use: when the reason changes, and repeatedly.
    fn log(&self, problem: &InvalidTls) {
        let mut state = self.state();
        let problem = problem.to_string();
        let is_known = |(last, at): &(String, Instant)| *last == problem && at.elapsed() < WARNING_INTERVAL;
        if !state.logged.as_ref().is_some_and(is_known) {
            reloaded(self.whose, false);
            tracing::warn!(whose = self.whose, problem, "TLS: the old certificates stay in use");
            state.logged = Some((problem, Instant::now()));
        }
    }

    /// Logs repeatedly that a certificate expires soon.
    fn warn_of_expiry(&self) {
        let mut state = self.state();
        let Some(validity) = state.validity.filter(Validity::ends_soon) else { return };
        if state.warned.is_none_or(|warned| warned.elapsed() >= WARNING_INTERVAL) {
            state.warned = Some(Instant::now());
            if validity.has_expired() {
                tracing::error!(whose = self.whose, "TLS: the certificate has expired; renew it");
            } else {
                let hours = validity.left().as_secs() / 3600;
                tracing::warn!(whose = self.whose, hours, "TLS: the certificate expires soon; renew it");
            }
        }
    }
}

/// Records the expiry of the certificate of `whose`.
fn record_expiry(whose: &'static str, validity: Option<Validity>) {
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
    async fn unusable_files_are_logged_again_every_hour() {
        let path = env::temp_dir().join(format!("rgrpc-reloaded-{}.pem", process::id()));
        fs::write(&path, "old").unwrap();
        let sources = Credentials { identity: None, authorities: vec![Pem::File(path.clone())] };
        let config = Reloaded::new("server", sources, INTERVAL, |_| Ok(())).unwrap();
        fs::remove_file(&path).unwrap();
        let since_log = || config.state().logged.as_ref().map(|(_, at)| at.elapsed().as_secs() / 60);
        for (minutes, expected) in [(0, 0), (59, 59), (1, 0), (59, 59), (1, 0)] {
            advance(Duration::from_secs(minutes * 60)).await;
            config.check();
            assert_eq!(since_log(), Some(expected));
        }
        fs::write(&path, "new").unwrap();
        config.check();
        assert_eq!(since_log(), None);
        fs::remove_file(path).unwrap();
    }
}
