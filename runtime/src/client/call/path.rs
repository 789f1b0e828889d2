//! Converts the path of a method for HTTP, with a cache for each thread.

use std::array;
use std::cell::RefCell;

use bytes::Bytes;
use http::uri::PathAndQuery;
use tonic::Status;

use crate::MethodDescriptor;

/// The size of the cache: more methods than most threads call.
const CACHED: usize = 16;

type CachedPath = Option<(&'static str, PathAndQuery)>;

thread_local! {
    /// The most recent paths, by the addresses of their texts.
    static PATHS: RefCell<[CachedPath; CACHED]> = RefCell::new(array::from_fn(|_| None));
}

pub(crate) fn path(method: &'static MethodDescriptor) -> Result<PathAndQuery, Status> {
    let text = method.path();
    PATHS.with_borrow_mut(|paths| {
        let cached = &mut paths[slot(text)];
        match cached {
            Some((same, path)) if std::ptr::eq(*same, text) => Ok(path.clone()),
            _ => {
                let path = parse(text)?;
                *cached = Some((text, path.clone()));
                Ok(path)
            }
        }
    })
}

/// The slot of a text, by its address: the paths of a program lie next to each other in memory.
fn slot(text: &'static str) -> usize {
    (text.as_ptr().addr() >> 4) % CACHED
}

fn parse(text: &'static str) -> Result<PathAndQuery, Status> {
    PathAndQuery::from_maybe_shared(Bytes::from_static(text.as_bytes()))
        .map_err(|_| Status::internal(format!("`{text}` is not a path")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_returns_the_path_of_the_method() {
        let methods: Vec<_> =
            (0..100).map(|n| &*Box::leak(Box::new(MethodDescriptor::unary(format!("/a.B/M{n}").leak())))).collect();
        for method in methods.iter().chain(&methods) {
            assert_eq!(path(method).unwrap(), method.path());
        }
    }

    #[test]
    fn an_invalid_path_is_refused_each_time() {
        static METHOD: MethodDescriptor = MethodDescriptor::unary("/a b/c");
        for _ in 0..2 {
            assert_eq!(path(&METHOD).unwrap_err().code(), tonic::Code::Internal);
        }
    }
}
