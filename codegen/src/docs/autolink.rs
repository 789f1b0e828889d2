//! Finds the words in a text that clippy wants as code, and the URLs that rustdoc wants as links.

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Word<'a> {
    Text(&'a str),
    Code(&'a str),
    Url(&'a str),
}

/// The special schemes of the URL standard, whose URLs need no slashes after the colon.
const SPECIAL: &[&str] = &["file", "ftp", "http", "https", "ws", "wss"];

/// Names in mixed case that are not code: clippy's own list, sorted.
const NAMES: &[&str] = &[
    "AccessKit",
    "BibLaTeX",
    "BibTeX",
    "CamelCase",
    "ClojureScript",
    "CoAP",
    "CoffeeScript",
    "CoreFoundation",
    "CoreGraphics",
    "CoreText",
    "DevOps",
    "Direct2D",
    "Direct3D",
    "DirectWrite",
    "DirectX",
    "ECMAScript",
    "EiB",
    "FreeBSD",
    "GHz",
    "GPLv2",
    "GPLv3",
    "GiB",
    "GitHub",
    "GitLab",
    "GraphQL",
    "IPv4",
    "IPv6",
    "InfiniBand",
    "JavaScript",
    "KiB",
    "LaTeX",
    "MHz",
    "MiB",
    "MinGW",
    "NaN",
    "NaNs",
    "NetBSD",
    "NixOS",
    "OAuth",
    "OCaml",
    "OpenAL",
    "OpenBSD",
    "OpenDNS",
    "OpenExr",
    "OpenGL",
    "OpenMP",
    "OpenSSH",
    "OpenSSL",
    "OpenStreetMap",
    "OpenTelemetry",
    "OpenType",
    "PiB",
    "PostScript",
    "PowerPC",
    "PowerShell",
    "PureScript",
    "RoCE",
    "THz",
    "TeX",
    "TensorFlow",
    "TiB",
    "TrueType",
    "TypeScript",
    "WebAssembly",
    "WebGL",
    "WebGL2",
    "WebGPU",
    "WebP",
    "WebRTC",
    "WebSocket",
    "WebTransport",
    "YCbCr",
];

/// Whether a URL is one of the web.
pub(super) fn is_web(url: &str) -> bool {
    has_scheme(url, "http://") || has_scheme(url, "https://")
}

/// Whether a URL becomes a link.
pub(super) fn is_url(url: &str) -> bool {
    is_web(url) || has_scheme(url, "ftp://")
}

fn has_scheme(url: &str, scheme: &str) -> bool {
    url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Splits a text into code, URLs and the text between them.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let (mut start, mut from) = (0, 0);
    // Most texts have no colon, and a single character is found much faster than `://`.
    if !text.contains(':') {
        code_words(text, &mut words);
        return words;
    }
    while let Some(colon) = text[from..].find("://").map(|at| from + at) {
        from = colon + "://".len();
        let scheme = scheme_before(&text[start..colon]);
        if scheme.is_empty() {
            continue;
        }
        let rest = url_start(&text[from..]);
        if !rest.contains(char::is_alphanumeric) {
            continue;
        }
        let url = &text[colon - scheme.len()..from + rest.len()];
        code_words(&text[start..colon - scheme.len()], &mut words);
        words.push(if is_url(url) { Word::Url(url) } else { Word::Code(url) });
        from += rest.len();
        start = from;
    }
    code_words(&text[start..], &mut words);
    words
}

/// The scheme at the end of `text`, which `://` follows.
fn scheme_before(text: &str) -> &str {
    let rest = text.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "+-.".contains(c));
    text[rest.len()..].trim_start_matches(|c: char| !c.is_ascii_alphabetic())
}

/// The URL at the start of `text`, without the punctuation that belongs to the sentence around it.
fn url_start(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_graphic() || c.is_alphanumeric()) || "\"'<>\\`|".contains(c));
    let mut url = &text[..end.unwrap_or(text.len())];
    let count = |c| url.matches(c).count();
    let mut unopened =
        [('(', ')'), ('[', ']'), ('{', '}')].map(|(open, close)| (close, count(close).saturating_sub(count(open))));
    while let Some(last) = url.chars().next_back() {
        match unopened.iter_mut().find(|(bracket, _)| *bracket == last) {
            Some((_, 0)) => break,
            Some((_, more)) => *more -= 1,
            None if ".,;:!?*~".contains(last) => {}
            None => break,
        }
        url = &url[..url.len() - 1];
    }
    url
}

/// Splits a text without URLs. Words end where clippy ends them: at spaces, at apostrophes, and at characters that are escaped by a
/// backslash.
fn code_words<'a>(text: &'a str, words: &mut Vec<Word<'a>>) {
    let mut start = 0;
    // Checked for the whole text first, as most texts contain no code.
    if !may_be_code(text) {
        words.extend((!text.is_empty()).then_some(Word::Text(text)));
        return;
    }
    let ends_word =
        |c: char| c.is_whitespace() || matches!(c, '\'' | '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '&' | '|');
    for word in text.split(ends_word).filter(|word| may_be_code(word)) {
        let word = trimmed(word);
        if is_code(word) {
            let at = word.as_ptr() as usize - text.as_ptr() as usize;
            words.extend((start < at).then(|| Word::Text(&text[start..at])));
            words.push(Word::Code(word));
            start = at + word.len();
        }
    }
    words.extend((start < text.len()).then(|| Word::Text(&text[start..])));
}

/// Whether a word has a character that all code has. Most words do not.
fn may_be_code(word: &str) -> bool {
    word.bytes().any(|byte| matches!(byte, b'_' | b':' | b'(') || !byte.is_ascii())
        || word.bytes().filter(u8::is_ascii_uppercase).nth(1).is_some()
}

/// The word without the punctuation of its sentence, but with the parentheses of a call.
fn trimmed(word: &str) -> &str {
    let is_punctuation = |c: char| !c.is_alphanumeric() && c != ':';
    let mut end = word.trim_end_matches(is_punctuation).len();
    if word[end..].starts_with("()") {
        end += "()".len();
    }
    let start = end - word[..end].trim_start_matches(is_punctuation).len();
    let (opened, closed) = (word[start..end].matches('(').count(), word[start..end].matches(')').count());
    let closing = word[end..].bytes().take_while(|&byte| byte == b')').count();
    end += closing.min(opened.saturating_sub(closed));
    let mut word = &word[start..end];
    if !word.starts_with("::") {
        word = word.trim_start_matches(':');
    }
    if !word.ends_with("::") {
        word = word.trim_end_matches(':');
    }
    word
}

/// Whether clippy's lint `doc_markdown` asks for backticks.
fn is_code(word: &str) -> bool {
    let named = word.contains('_') || word.contains("::") || word.ends_with("()") || is_camel_case(word);
    (named || looks_like_url(word)) && NAMES.binary_search(&word).is_err() && !word.chars().all(|c| c == ':')
}

fn is_camel_case(word: &str) -> bool {
    let word = word.strip_suffix('s').unwrap_or(word);
    !word.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_lowercase())
        && word.chars().all(char::is_alphanumeric)
        && word.chars().filter(|c| c.is_uppercase()).nth(1).is_some()
        && word.contains(char::is_lowercase)
}

/// Whether clippy takes a word without `://` for a URL.
fn looks_like_url(word: &str) -> bool {
    let Some((scheme, rest)) = word.split_once(':') else { return false };
    let special = SPECIAL.iter().any(|it| it.eq_ignore_ascii_case(scheme));
    !scheme.is_empty() && scheme_before(scheme) == scheme && (rest.starts_with('/') || special && !rest.is_empty())
}
