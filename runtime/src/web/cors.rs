//! Selects the origins whose pages may make calls (CORS).

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use http::{HeaderValue, Method, Uri};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// The origins whose pages may call a server from a browser.
///
/// An origin is the scheme, the host and the port of a page's address, such as `https://app.example` or `http://localhost:5173`.
#[derive(Debug, Clone)]
#[must_use = "`Serve::web` and `web::layer` take it"]
pub struct Cors {
    origins: Origins,
    credentials: bool,
    max_age: Duration,
}

#[derive(Clone)]
enum Origins {
    Any,
    These(Arc<[HeaderValue]>),
    Where(Arc<dyn Fn(&str) -> bool + Send + Sync>),
}

impl Cors {
    /// Allows only pages of the server's own origin, as behind a proxy that serves both. Browsers need no permission for those.
    pub fn same_origin() -> Self {
        Self::of(Origins::These(Arc::new([])))
    }

    /// Allows pages of these origins, and of the server's own.
    ///
    /// # Errors
    ///
    /// If one of them is not an origin that browsers send, such as `app.example` or `https://app.example/app`: it would allow no page.
    ///
    /// ```
    /// use rgrpc::web::Cors;
    ///
    /// assert!(Cors::origins(["https://app.example", "http://localhost:5173"]).is_ok());
    /// let error = Cors::origins(["app.example"]).unwrap_err();
    /// assert_eq!(error.to_string(), "`app.example` is not an origin: it lacks a scheme, as in `https://app.example`");
    /// ```
    pub fn origins<O: AsRef<str>>(origins: impl IntoIterator<Item = O>) -> Result<Self, InvalidOrigin> {
        let origins: Result<Vec<_>, _> =
            origins.into_iter().map(|origin| written_by_browsers(origin.as_ref())).collect();
        Ok(Self::of(Origins::These(origins?.into())))
    }

    /// Allows pages of origins for which `may_call` returns `true`, and of the server's own.
    ///
    /// ```
    /// use rgrpc::web::Cors;
    ///
    /// let previews = Cors::matching(|origin| origin.starts_with("https://") && origin.ends_with(".preview.example"));
    /// # drop(previews);
    /// ```
    pub fn matching(may_call: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self::of(Origins::Where(Arc::new(may_call)))
    }

    /// Allows all pages, as for a public API. Browsers then send neither cookies nor client certificates.
    ///
    /// Do not use this for a server that relies on its network for protection, such as one on localhost or in an intranet: every page that
    /// its users open in a browser can call it.
    pub fn any() -> Self {
        Self::of(Origins::Any)
    }

    fn of(origins: Origins) -> Self {
        Self { origins, credentials: false, max_age: Duration::from_secs(2 * 60 * 60) }
    }

    /// Makes browsers send the cookies of the server, and client certificates. Metadata such as `authorization` does not need this.
    ///
    /// # Panics
    ///
    /// If [any](Cors::any) page may call: each could then act in the name of its user.
    pub fn credentials(mut self) -> Self {
        assert!(!matches!(self.origins, Origins::Any), "credentials need a choice of origins, and `Cors::any` is none");
        self.credentials = true;
        self
    }

    /// Sets how long a browser may cache that a page may call. Default: two hours, the maximum of Chromium.
    pub fn max_age(mut self, time: Duration) -> Self {
        self.max_age = time;
        self
    }

    pub(super) fn layer(&self) -> CorsLayer {
        let origins = match self.origins.clone() {
            Origins::Any => AllowOrigin::any(),
            Origins::These(origins) => AllowOrigin::list(origins.iter().cloned()),
            Origins::Where(may_call) => AllowOrigin::predicate(move |origin: &HeaderValue, _: &Parts| {
                origin.to_str().is_ok_and(|o| may_call(o))
            }),
        };
        CorsLayer::new()
            .allow_origin(origins)
            .allow_credentials(self.credentials)
            .allow_methods([Method::POST])
            // Services choose the names of metadata.
            .allow_headers(AllowHeaders::mirror_request())
            .max_age(self.max_age)
    }
}

impl fmt::Debug for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::These(origins) => f.debug_list().entries(origins.iter()).finish(),
            Self::Where(_) => f.write_str("matching"),
        }
    }
}

/// The error of a text that is not an origin. It prints the origin and the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidOrigin {
    origin: String,
    problem: String,
}

impl fmt::Display for InvalidOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an origin: {}", self.origin, self.problem)
    }
}

impl Error for InvalidOrigin {}

/// `origin` as browsers send it: in lower case, without the default port of its scheme.
fn written_by_browsers(origin: &str) -> Result<HeaderValue, InvalidOrigin> {
    const SHAPE: &str = "it is not a scheme, a host and a port";
    let but = |problem: String| Err(InvalidOrigin { origin: origin.to_owned(), problem });
    let lower = origin.to_ascii_lowercase();
    if lower == "*" || lower.contains("*.") {
        return but("a pattern is for `Cors::matching`, and `*` is `Cors::any`".to_owned());
    }
    if lower == "null" {
        return but("all pages in files and in sandboxes have it".to_owned());
    }
    if !lower.contains("://") {
        return but(format!("it lacks a scheme, as in `https://{lower}`"));
    }
    if !lower.is_ascii() {
        return but("browsers send such a name in Punycode, `xn--..`".to_owned());
    }
    let Ok(uri) = lower.parse::<Uri>() else { return but(SHAPE.to_owned()) };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return but(SHAPE.to_owned());
    };
    if authority.as_str().contains('@') {
        return but("it has a user".to_owned());
    }
    let (host, port) = (authority.host(), authority.port_u16());
    if authority.as_str() != port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")) {
        return but(SHAPE.to_owned());
    }
    let implied = match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    };
    let port = port.filter(|port| Some(*port) != implied);
    let plain = match port {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    };
    if uri.path_and_query().is_some_and(|path| path.as_str() != "/") || lower.contains('#') {
        return but(format!("it has a path; leave `{plain}`"));
    }
    HeaderValue::try_from(plain).or_else(|_| but(SHAPE.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_taken_as_browsers_write_it() {
        let cases = [
            ("https://app.example", "https://app.example"),
            ("https://App.Example/", "https://app.example"),
            ("https://app.example:443", "https://app.example"),
            ("http://app.example:443", "http://app.example:443"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://[::1]:80", "http://[::1]"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("chrome-extension://abcdef", "chrome-extension://abcdef"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ];
        for (origin, expected) in cases {
            assert_eq!(written_by_browsers(origin).unwrap(), expected, "{origin}");
        }
    }

    #[test]
    fn an_origin_that_no_browser_sends_is_refused_with_a_remedy() {
        let cases = [
            ("app.example", "it lacks a scheme, as in `https://app.example`"),
            ("localhost:5173", "it lacks a scheme, as in `https://localhost:5173`"),
            ("", "it lacks a scheme, as in `https://`"),
            ("*", "a pattern is for `Cors::matching`, and `*` is `Cors::any`"),
            ("https://*.app.example", "a pattern is for `Cors::matching`, and `*` is `Cors::any`"),
            ("null", "all pages in files and in sandboxes have it"),
            ("https://app.example/app", "it has a path; leave `https://app.example`"),
            ("https://app.example?x", "it has a path; leave `https://app.example`"),
            ("https://user@app.example", "it has a user"),
            ("https://bücher.example", "browsers send such a name in Punycode, `xn--..`"),
            ("https://", "it is not a scheme, a host and a port"),
            ("https://a b", "it is not a scheme, a host and a port"),
            ("https://app.example:99999", "it is not a scheme, a host and a port"),
        ];
        for (origin, problem) in cases {
            let error = Cors::origins([origin]).unwrap_err();
            assert_eq!(error.to_string(), format!("`{origin}` is not an origin: {problem}"));
        }
    }

    #[test]
    #[should_panic(expected = "credentials need a choice of origins")]
    fn credentials_are_not_for_every_page() {
        let _ = Cors::any().credentials();
    }
}
