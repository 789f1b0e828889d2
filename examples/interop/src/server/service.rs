//! The official test service: each request says what happens to it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rgrpc::compression::{MessageCompression, was_compressed};
use rgrpc::metadata::MetadataMap;
use rgrpc::{Code, Request, Response, ServerStream, Status, Streaming, Trailers};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::open::Open;
use crate::proto::grpc::testing::test_service_server::TestService;
use crate::proto::grpc::testing::{
    BoolValue, EchoStatus, Empty, Payload, ResponseParameters, SimpleRequest, SimpleResponse,
    StreamingInputCallRequest, StreamingInputCallResponse, StreamingOutputCallRequest, StreamingOutputCallResponse,
};
use crate::{INITIAL, TRAILING, payload, size};

/// The test service, which counts the calls that are open.
#[derive(Debug, Default)]
pub struct Interop {
    open: Open,
}

impl Interop {
    /// The calls that are open.
    #[must_use]
    pub fn open(&self) -> Open {
        self.open.clone()
    }
}

impl TestService for Interop {
    async fn empty_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Ok(Response::new(Empty {}))
    }

    async fn unary_call(&self, request: Request<SimpleRequest>) -> Result<Response<SimpleResponse>, Status> {
        let _open = self.open.one();
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
        let open = self.open.one();
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
        let _open = self.open.one();
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
        let open = self.open.one();
        let (metadata, _, mut requests) = request.into_parts();
        let mut response = echoing(&metadata, ());
        let compression = MessageCompression::of(response.extensions_mut());
        let (responses, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            let _open = open;
            if let Err(status) = answer(&mut requests, &responses).await {
                // A client that has gone does not hear of it.
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
        Err(Status::unimplemented("no server implements UnimplementedCall"))
    }
}

/// A response, and whether it is to be compressed.
type Compressed = (StreamingOutputCallResponse, bool);

/// Answers each request as it comes.
async fn answer(
    requests: &mut Streaming<StreamingOutputCallRequest>,
    responses: &mpsc::Sender<Result<Compressed, Status>>,
) -> Result<(), Status> {
    while let Some(request) = requests.message().await? {
        check_status(request.response_status)?;
        for parameters in request.response_parameters {
            let response = respond(parameters).await?;
            responses.send(Ok(response)).await.map_err(|_| Status::cancelled("the client has gone"))?;
        }
    }
    Ok(())
}

async fn respond(parameters: ResponseParameters) -> Result<Compressed, Status> {
    // Even the shortest sleep takes a millisecond.
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

/// Whether a request was compressed counts only where it says that it should be, or should not.
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

/// A response with the metadata that the request wants back.
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
