//! The error of a channel that cannot be made.

use std::error::Error;
use std::fmt;
use std::iter::successors;
use std::sync::Arc;

use crate::BoxError;

/// The error of a [`Channel`](crate::Channel) that cannot connect, or whose settings are invalid.
///
/// Its text includes the texts of its sources, and says what to do.
#[derive(Debug, Clone)]
pub struct ConnectError {
    message: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl ConnectError {
    /// Nothing was sent to `destination`, because of `problem`.
    pub(crate) fn refused(destination: impl fmt::Display, problem: impl fmt::Display) -> Self {
        Self { message: format!("cannot connect to `{destination}`: {problem}"), source: None }
    }

    pub(super) fn unreachable(destination: impl fmt::Display, source: impl Into<BoxError>) -> Self {
        Self::new(format!("cannot connect to `{destination}`"), source)
    }

    /// The TLS settings for `destination` cannot be used.
    #[cfg(feature = "_tls")]
    pub(crate) fn tls(destination: impl fmt::Display, source: crate::tls::InvalidTls) -> Self {
        Self::new(format!("cannot set up TLS for `{destination}`"), source)
    }

    /// `message`, followed by the text of `source` and of each error behind it, without repetitions.
    pub(super) fn new(mut message: String, source: impl Into<BoxError>) -> Self {
        let source = source.into();
        let mut last = String::new();
        let first = Some(&*source as &(dyn Error + 'static));
        for error in successors(first, |error: &&(dyn Error + 'static)| (*error).source()) {
            let text = error.to_string();
            if !last.contains(&text) {
                message += ": ";
                message += &text;
                last = text;
            }
        }
        Self { message, source: Some(Arc::from(source)) }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
