//! Converts the path of a method for HTTP, and caches it for the thread.

use std::array;
use std::cell::RefCell;

use bytes::Bytes;
use http::uri::PathAndQuery;
use tonic::Status;

use crate::MethodDescriptor;

/// More methods than most threads call.
const CACHED: usize = 16;

type CachedPath = Option<(&'static str, PathAndQuery)>;

thread_local! {
    /// The paths that were looked at last, by where their text is.
    static PATHS: RefCell<[CachedPath; CACHED]> = RefCell::new(array::from_fn(|_| None));
}

pub(crate) fn path(method: &'static MethodDescriptor) -> Result<PathAndQuery, Status> {
    let text = method.path();
    PATHS.with_borrow_mut(|paths| {
        let cached = &mut paths[place(text)];
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

/// The texts of a program's descriptors lie one behind the other.
fn place(text: &'static str) -> usize {
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
    fn every_path_is_its_own_however_many_there_are() {
        let methods: Vec<_> =
            (0..100).map(|n| &*Box::leak(Box::new(MethodDescriptor::unary(format!("/a.B/M{n}").leak())))).collect();
        for method in methods.iter().chain(&methods) {
            assert_eq!(path(method).unwrap(), method.path());
        }
    }

    #[test]
    fn what_is_no_path_is_refused_each_time() {
        static METHOD: MethodDescriptor = MethodDescriptor::unary("/a b/c");
        for _ in 0..2 {
            assert_eq!(path(&METHOD).unwrap_err().code(), tonic::Code::Internal);
        }
    }
}
