//! Makes the calls of a channel.

use prost::Message;
use tonic::{IntoRequest, IntoStreamingRequest};

use super::Channel;
use crate::client::attempt::Requests;
use crate::{
    BidiStreamingCall, Call, ClientStreamingCall, MethodDescriptor, ServerStreamingCall, Streaming, UnaryCall,
};

impl Channel {
    /// A call of a method with one request and one response.
    ///
    /// Generated clients use it; so can code that has only a descriptor:
    ///
    /// ```
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::{GetUserRequest, User};
    /// use rgrpc::{Channel, MethodDescriptor, Status};
    ///
    /// const GET_USER: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/GetUser");
    ///
    /// async fn get_user(channel: &Channel) -> Result<User, Status> {
    ///     Ok(channel.unary(&GET_USER, GetUserRequest::default()).await?.into_inner())
    /// }
    /// ```
    pub fn unary<Q: Message, R>(
        &self,
        method: &'static MethodDescriptor,
        request: impl IntoRequest<Q>,
    ) -> UnaryCall<R> {
        self.call_with_one(method, request)
    }

    /// A call of a method with one request and a stream of responses.
    pub fn server_streaming<Q: Message, R>(
        &self,
        method: &'static MethodDescriptor,
        request: impl IntoRequest<Q>,
    ) -> ServerStreamingCall<R> {
        self.call_with_one::<_, Streaming<R>>(method, request)
    }

    /// A call of a method with a stream of requests and one response.
    pub fn client_streaming<Q: Message + 'static, R>(
        &self,
        method: &'static MethodDescriptor,
        requests: impl IntoStreamingRequest<Message = Q>,
    ) -> ClientStreamingCall<R> {
        self.call_with_stream(method, requests)
    }

    /// A call of a method with streams of requests and responses.
    pub fn bidi_streaming<Q: Message + 'static, R>(
        &self,
        method: &'static MethodDescriptor,
        requests: impl IntoStreamingRequest<Message = Q>,
    ) -> BidiStreamingCall<R> {
        self.call_with_stream::<_, Streaming<R>>(method, requests)
    }

    fn call_with_one<Q: Message, T>(&self, method: &'static MethodDescriptor, request: impl IntoRequest<Q>) -> Call<T> {
        let (metadata, extensions, message) = request.into_request().into_parts();
        Call::new(self.clone(), method, metadata, extensions, Requests::one(&message))
    }

    fn call_with_stream<Q: Message + 'static, T>(
        &self,
        method: &'static MethodDescriptor,
        requests: impl IntoStreamingRequest<Message = Q>,
    ) -> Call<T> {
        let (metadata, extensions, messages) = requests.into_streaming_request().into_parts();
        Call::new(self.clone(), method, metadata, extensions, Requests::stream(messages))
    }
}
