//! Sends a request on an HTTP/2 connection, and reads the response frame by frame.
//!
//! All of it runs in the task of the call, except for the rest of a request that does not end with its first frame: a task of its own
//! uploads that.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::iter::successors;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use h2::{Reason, RecvStream, SendStream};
use http::{HeaderMap, HeaderName, Request, Response, header};
use http_body::{Body as HttpBody, Frame};
use tokio::task::AbortHandle;
use tonic::body::Body;

use super::keepalive::CallActivity;
use super::stream_limit::Slot;
use crate::BoxError;
use crate::grpc::NeverSent;

/// Headers that HTTP/2 forbids: "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header fields" (RFC 9113,
/// 8.2.2).
const CONNECTION_HEADERS: [HeaderName; 5] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// The error of a request that got no response.
pub(crate) enum ExchangeError {
    /// Nothing was sent: the request can be sent on another connection.
    NotSent(Box<Request<Body>>),
    Failed(BoxError),
}

/// Sends `request`, and returns the response.
pub(crate) async fn exchange(
    mut sender: SendRequest<Bytes>,
    mut slot: Slot,
    activity: Option<CallActivity>,
    request: Request<Body>,
) -> Result<Response<ResponseBody>, ExchangeError> {
    if poll_fn(|cx| sender.poll_ready(cx)).await.is_err() {
        return Err(ExchangeError::NotSent(Box::new(request)));
    }
    let (mut parts, body) = request.into_parts();
    for name in &CONNECTION_HEADERS {
        parts.headers.remove(name);
    }
    let is_whole = body.is_end_stream();
    let (response, stream) = sender
        .send_request(Request::from_parts(parts, ()), is_whole)
        .map_err(|error| ExchangeError::Failed(NeverSent(error).into()))?;
    slot.begin(sender);
    let upload = if is_whole { None } else { send(Upload { body, stream, next: None, ended: false }).await };
    receive(response, slot, activity, upload).await.map_err(|error| ExchangeError::Failed(error.into()))
}

async fn receive(
    response: ResponseFuture,
    slot: Slot,
    activity: Option<CallActivity>,
    upload: Option<UploadTask>,
) -> Result<Response<ResponseBody>, h2::Error> {
    let response = response.await?;
    if let Some(activity) = &activity {
        activity.record();
    }
    Ok(response.map(|stream| {
        let slot = (!stream.is_end_stream()).then_some(slot);
        ResponseBody { stream, ended: false, activity, _upload: upload, slot }
    }))
}

/// Sends the first frame of a request, and returns the task that uploads the rest, so that the caller can watch its deadline meanwhile.
async fn send(mut upload: Upload) -> Option<UploadTask> {
    let ended = poll_fn(|cx| Poll::Ready(matches!(upload.poll_send(cx), Poll::Ready(true)))).await;
    (!ended).then(|| UploadTask(tokio::spawn(upload).abort_handle()))
}

/// The task that uploads a request; dropping this aborts it.
struct UploadTask(AbortHandle);

impl Drop for UploadTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The number of frames after which an upload yields to other tasks, and can be aborted.
const FRAMES_PER_POLL: usize = 32;

/// The body of a request, and the stream that it is sent on.
struct Upload {
    body: Body,
    stream: SendStream<Bytes>,
    /// A frame that waits for capacity.
    next: Option<Bytes>,
    ended: bool,
}

/// Resets the stream of an incomplete request, which may have been aborted or whose stream may have panicked.
impl Drop for Upload {
    fn drop(&mut self) {
        if !self.ended {
            self.stream.send_reset(Reason::CANCEL);
        }
    }
}

impl Upload {
    /// Waits for capacity; an error means that the server takes no more.
    fn poll_capacity(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ()>> {
        if self.stream.poll_reset(cx).is_ready() {
            return Poll::Ready(Err(()));
        }
        while self.stream.capacity() == 0 {
            if !matches!(ready!(self.stream.poll_capacity(cx)), Some(Ok(_))) {
                return Poll::Ready(Err(()));
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Sends the next frame, and returns whether it was the last.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        self.ended = ready!(self.poll_frame(cx));
        Poll::Ready(self.ended)
    }

    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        if self.next.is_some() {
            if ready!(self.poll_capacity(cx)).is_err() {
                return Poll::Ready(true);
            }
            let data = self.next.take().unwrap_or_default();
            return Poll::Ready(self.stream.send_data(data, false).is_err());
        }
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
            return if self.stream.poll_reset(cx).is_ready() { Poll::Ready(true) } else { Poll::Pending };
        };
        match frame.map(|frame| frame.map(Frame::into_data)) {
            // The last frame needs no wait for capacity: h2 buffers it as well.
            Some(Ok(Ok(data))) if self.body.is_end_stream() => {
                let _ = self.stream.send_data(data, true);
            }
            Some(Ok(Ok(data))) if data.is_empty() => return Poll::Ready(false),
            Some(Ok(Ok(data))) => {
                self.stream.reserve_capacity(data.len());
                self.next = Some(data);
                return Poll::Ready(false);
            }
            Some(Ok(Err(frame))) => {
                let _ = self.stream.send_trailers(frame.into_trailers().unwrap_or_default());
            }
            Some(Err(error)) => self.stream.send_reset(reason(&error)),
            None => {
                let _ = self.stream.send_data(Bytes::new(), true);
            }
        }
        Poll::Ready(true)
    }
}

impl Future for Upload {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        for _ in 0..FRAMES_PER_POLL {
            if ready!(self.poll_send(cx)) {
                return Poll::Ready(());
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// The code with which a failed request is reset.
fn reason(error: &(dyn Error + 'static)) -> Reason {
    let found = successors(Some(error), |error: &&(dyn Error + 'static)| (*error).source())
        .find_map(|error| error.downcast_ref::<h2::Error>());
    found.and_then(h2::Error::reason).unwrap_or(Reason::INTERNAL_ERROR)
}

/// The body of a response.
pub(crate) struct ResponseBody {
    stream: RecvStream,
    ended: bool,
    activity: Option<CallActivity>,
    _upload: Option<UploadTask>,
    /// Held until the response has ended.
    slot: Option<Slot>,
}

impl ResponseBody {
    fn poll_trailers(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<HeaderMap, h2::Error>>> {
        self.ended = true;
        let trailers = ready!(self.stream.poll_trailers(cx));
        self.slot = None;
        Poll::Ready(trailers.transpose())
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        let frame = if self.ended { None } else { ready!(self.stream.poll_data(cx)) };
        let frame = match frame {
            Some(Ok(data)) => {
                self.stream.flow_control().release_capacity(data.len())?;
                Some(Ok(Frame::data(data)))
            }
            Some(Err(error)) => Some(Err(error)),
            None => ready!(self.poll_trailers(cx)).map(|trailers| trailers.map(Frame::trailers)),
        };
        if let Some(activity) = &self.activity {
            activity.record();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }
}
