//! The official test service, whose requests say how to respond.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rgrpc::compression::{MessageCompression, was_compressed};
use rgrpc::metadata::MetadataMap;
use rgrpc::{Code, Request, Response, ServerStream, Status, Streaming, Trailers};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::open_calls::OpenCalls;
use crate::proto::grpc::testing::test_service_server::TestService;
use crate::proto::grpc::testing::{
    BoolValue, EchoStatus, Empty, Payload, ResponseParameters, SimpleRequest, SimpleResponse,
    StreamingInputCallRequest, StreamingInputCallResponse, StreamingOutputCallRequest, StreamingOutputCallResponse,
};
use crate::{INITIAL, TRAILING, payload, size};

/// The test service, which counts its open calls.
#[derive(Debug, Default)]
pub struct Interop {
    open_calls: OpenCalls,
}

impl Interop {
    /// Returns the counter of open calls.
    #[must_use]
    pub fn open_calls(&self) -> OpenCalls {
        self.open_calls.clone()
    }
}

impl TestService for Interop {
    async fn empty_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Ok(Response::new(Empty {}))
    }

    async fn unary_call(&self, request: Request<SimpleRequest>) -> Result<Response<SimpleResponse>, Status> {
        let _open = self.open_calls.count();
        let compressed = was_compressed(request.extensions());
        let (metadata, _, request) = request.into_parts();
        check_compressed(request.expect_compressed, compressed)?;
        check_status(request.response_status)?;
        let response = SimpleResponse { payload: Some(sized(request.response_size)?), ..SimpleResponse::default() };
        let mut response = echoing(&metadata, response);
        MessageCompression::of(response.extensions_mut()).set(is_true(request.response_compressed));
        Ok(response)
    }

    async fn cacheable_unary_call(&self, _: Request<SimpleRequest>) -> Result<Response<SimpleResponse>, Status> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| Status::internal(error.to_string()))?;
        let payload = Payload { body: now.as_nanos().to_string().into_bytes(), ..Payload::default() };
        let mut response = Response::new(SimpleResponse { payload: Some(payload), ..SimpleResponse::default() });
        response.metadata_mut().insert("cache-control", "max-age=60, public".parse().expect("is ASCII"));
        Ok(response)
    }

    async fn streaming_output_call(
        &self,
        request: Request<StreamingOutputCallRequest>,
    ) -> Result<Response<impl ServerStream<StreamingOutputCallResponse>>, Status> {
        let open = self.open_calls.count();
        let StreamingOutputCallRequest { response_parameters, response_status, .. } = request.into_inner();
        let mut response = Response::new(());
        let compression = MessageCompression::of(response.extensions_mut());
        let responses = tokio_stream::iter(response_parameters).then(respond).map(move |response| {
            let (_open, (message, compressed)) = (&open, response?);
            compression.set(compressed);
            Ok(message)
        });
        Ok(response.map(|()| responses.chain(tokio_stream::iter(check_status(response_status).err().map(Err)))))
    }

    async fn streaming_input_call(
        &self,
        request: Request<Streaming<StreamingInputCallRequest>>,
    ) -> Result<Response<StreamingInputCallResponse>, Status> {
        let _open = self.open_calls.count();
        let mut requests = request.into_inner();
        let mut sum = 0;
        while let Some(request) = requests.message().await? {
            check_compressed(request.expect_compressed, requests.was_compressed())?;
            sum += size(request.payload.as_ref());
        }
        let sum = i32::try_from(sum).map_err(|_| Status::out_of_range("the sum of the sizes"))?;
        Ok(Response::new(StreamingInputCallResponse { aggregated_payload_size: sum }))
    }

    async fn full_duplex_call(
        &self,
        request: Request<Streaming<StreamingOutputCallRequest>>,
    ) -> Result<Response<impl ServerStream<StreamingOutputCallResponse>>, Status> {
        let open = self.open_calls.count();
        let (metadata, _, mut requests) = request.into_parts();
        let mut response = echoing(&metadata, ());
        let compression = MessageCompression::of(response.extensions_mut());
        let (responses, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            let _open = open;
            if let Err(status) = answer(&mut requests, &responses).await {
                // This fails if the client is gone.
                let _ = responses.send(Err(status)).await;
            }
        });
        Ok(response.map(|()| {
            ReceiverStream::new(receiver).map(move |response| {
                let (message, compressed) = response?;
                compression.set(compressed);
                Ok(message)
            })
        }))
    }

    async fn half_duplex_call(
        &self,
        request: Request<Streaming<StreamingOutputCallRequest>>,
    ) -> Result<Response<impl ServerStream<StreamingOutputCallResponse>>, Status> {
        let mut requests = request.into_inner();
        let mut parameters = Vec::new();
        while let Some(request) = requests.message().await? {
            parameters.extend(request.response_parameters);
        }
        let responses = tokio_stream::iter(parameters).then(respond);
        Ok(Response::new(responses.map(|response| response.map(|(message, _)| message))))
    }

    async fn unimplemented_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Err(Status::unimplemented("UnimplementedCall is not implemented on purpose"))
    }
}

/// A response, and whether to compress it.
type Compressed = (StreamingOutputCallResponse, bool);

/// Responds to each request as it arrives.
async fn answer(
    requests: &mut Streaming<StreamingOutputCallRequest>,
    responses: &mpsc::Sender<Result<Compressed, Status>>,
) -> Result<(), Status> {
    while let Some(request) = requests.message().await? {
        check_status(request.response_status)?;
        for parameters in request.response_parameters {
            let response = respond(parameters).await?;
            responses.send(Ok(response)).await.map_err(|_| Status::cancelled("the client is gone"))?;
        }
    }
    Ok(())
}

async fn respond(parameters: ResponseParameters) -> Result<Compressed, Status> {
    // The resolution of `sleep` is one millisecond, so even a sleep of zero would wait.
    if let Ok(interval @ 1..) = parameters.interval_us.try_into() {
        sleep(Duration::from_micros(interval)).await;
    }
    let message = StreamingOutputCallResponse { payload: Some(sized(parameters.size)?) };
    Ok((message, is_true(parameters.compressed)))
}

fn sized(size: i32) -> Result<Payload, Status> {
    let size = size.try_into().map_err(|_| Status::invalid_argument("a payload of a negative size"))?;
    Ok(payload(size))
}

fn check_status(status: Option<EchoStatus>) -> Result<(), Status> {
    match status {
        Some(EchoStatus { code, message }) if code != 0 => Err(Status::new(Code::from_i32(code), message)),
        _ => Ok(()),
    }
}

/// Fails if a request states whether it should be compressed, and is not so.
fn check_compressed(expected: Option<BoolValue>, compressed: bool) -> Result<(), Status> {
    match expected {
        Some(expected) if expected.value != compressed => {
            Err(Status::invalid_argument(format!("compressed is {compressed}, expected {}", expected.value)))
        }
        _ => Ok(()),
    }
}

fn is_true(value: Option<BoolValue>) -> bool {
    value.is_some_and(|value| value.value)
}

/// A response that echoes the metadata of the request.
fn echoing<T>(metadata: &MetadataMap, message: T) -> Response<T> {
    let mut response = Response::new(message);
    if let Some(value) = metadata.get(INITIAL) {
        response.metadata_mut().insert(INITIAL, value.clone());
    }
    if let Some(value) = metadata.get_bin(TRAILING) {
        let trailers = Trailers::of(response.extensions_mut());
        trailers.update(|trailers| _ = trailers.insert_bin(TRAILING, value.clone()));
    }
    response
}
