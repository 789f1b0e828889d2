//! Decodes the body of a gRPC-Web request, which may be in base64, to gRPC's.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;

use super::form::Form;
use crate::BoxError;

/// The body of a request.
pub(super) struct WebRequest<B> {
    body: B,
    form: Form,
    /// An incomplete group of four characters.
    rest: BytesMut,
}

impl<B> WebRequest<B> {
    pub(super) fn new(body: B, form: Form) -> Self {
        Self { body, form, rest: BytesMut::new() }
    }

    fn decode(&mut self, data: &[u8]) -> Result<Bytes, BoxError> {
        self.rest.extend_from_slice(data);
        let whole = self.rest.split_to(self.rest.len() / 4 * 4);
        let mut decoded = Vec::with_capacity(whole.len() / 4 * 3);
        // A client may encode each piece by itself, with padding at its end.
        let (groups, _) = whole.as_chunks::<4>();
        for groups in groups.split_inclusive(|group| group.ends_with(b"=")) {
            BASE64_STANDARD
                .decode_vec(groups.as_flattened(), &mut decoded)
                .map_err(|error| NotBase64::status(&error))?;
        }
        Ok(decoded.into())
    }
}

impl<B> HttpBody for WebRequest<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            let polled = ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose().map_err(Into::into)?;
            let frame = match polled {
                Some(frame) if self.form == Form::Binary || !frame.is_data() => return Poll::Ready(Some(Ok(frame))),
                Some(frame) => frame,
                None if self.rest.is_empty() => return Poll::Ready(None),
                None => {
                    self.rest.clear();
                    return Poll::Ready(Some(Err(NotBase64::status(&"it ends within a group of four"))));
                }
            };
            let data = self.decode(&frame.into_data().unwrap_or_default())?;
            if !data.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match self.form {
            Form::Binary => self.body.size_hint(),
            Form::Text => SizeHint::default(),
        }
    }
}

/// The source of a status for a body that is not base64. It tells such a status from one for a lost connection.
#[derive(Debug)]
pub(crate) struct NotBase64;

impl NotBase64 {
    fn status(problem: &dyn fmt::Display) -> BoxError {
        let mut status =
            Status::internal(format!("the request is not base64, which its content type announces: {problem}"));
        status.set_source(Arc::new(Self));
        status.into()
    }
}

impl fmt::Display for NotBase64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not base64")
    }
}

impl Error for NotBase64 {}
