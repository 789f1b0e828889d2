//! The user directory: methods of all four kinds, over a list in memory.

use std::sync::{Arc, PoisonError, RwLock};

use rgrpc::{Request, Response, ServerStream, Status, Streaming};
use tokio::sync::{broadcast, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use crate::proto::user::v1::user_service_server::UserService;
use crate::proto::user::v1::{
    ChatRequest, ChatResponse, CreateUsersRequest, CreateUsersResponse, GetUserRequest, GetUserResponse,
    ListUsersRequest, ListUsersResponse, Role, User,
};

/// The users, and the chat that they share.
#[derive(Debug, Clone)]
pub struct Directory {
    users: Arc<RwLock<Vec<User>>>,
    chat: broadcast::Sender<ChatResponse>,
}

impl Default for Directory {
    fn default() -> Self {
        Self { users: Arc::default(), chat: broadcast::Sender::new(64) }
    }
}

impl UserService for Directory {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<GetUserResponse>, Status> {
        let user = self.find(&request.get_ref().id)?;
        Ok(Response::new(GetUserResponse { user: Some(user) }))
    }

    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<impl ServerStream<ListUsersResponse>>, Status> {
        let role = request.get_ref().role();
        let mut users = self.all();
        users.retain(|user| role == Role::Unspecified || user.role() == role);
        let responses = users.into_iter().map(|user| Ok(ListUsersResponse { user: Some(user) }));
        Ok(Response::new(tokio_stream::iter(responses)))
    }

    async fn create_users(
        &self,
        request: Request<Streaming<CreateUsersRequest>>,
    ) -> Result<Response<CreateUsersResponse>, Status> {
        let mut requests = request.into_inner();
        let mut summary = CreateUsersResponse::default();
        while let Some(request) = requests.message().await? {
            if request.email.is_empty() {
                return Err(Status::invalid_argument("a user needs an email address"));
            }
            if self.create(request) {
                summary.created_count += 1;
            } else {
                summary.skipped_count += 1;
            }
        }
        Ok(Response::new(summary))
    }

    async fn chat(
        &self,
        request: Request<Streaming<ChatRequest>>,
    ) -> Result<Response<impl ServerStream<ChatResponse>>, Status> {
        let (responses, received) = mpsc::channel(16);
        tokio::spawn(self.clone().relay(request.into_inner(), self.chat.subscribe(), responses));
        Ok(Response::new(ReceiverStream::new(received)))
    }
}

impl Directory {
    fn all(&self) -> Vec<User> {
        self.users.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn find(&self, id: &str) -> Result<User, Status> {
        let user = self.all().into_iter().find(|user| user.id == id);
        user.ok_or_else(|| Status::not_found(format!("no user has the id `{id}`")))
    }

    /// Creates a user unless the email address is taken.
    fn create(&self, request: CreateUsersRequest) -> bool {
        let mut users = self.users.write().unwrap_or_else(PoisonError::into_inner);
        if users.iter().any(|user| user.email == request.email) {
            return false;
        }
        let role = if request.role() == Role::Unspecified { Role::Member } else { request.role() };
        let id = format!("user-{}", users.len() + 1);
        users.push(User { id, email: request.email, display_name: request.display_name, role: role.into() });
        true
    }

    /// Relays messages between one caller and the chat, until the caller has sent its last message.
    async fn relay(
        self,
        mut requests: Streaming<ChatRequest>,
        mut chat: broadcast::Receiver<ChatResponse>,
        responses: mpsc::Sender<Result<ChatResponse, Status>>,
    ) {
        loop {
            // Responses take precedence, so that the caller has received all of them when its requests end.
            let response = tokio::select! {
                biased;
                message = chat.recv() => message.map_err(|_| Status::data_loss("this caller reads too slowly")),
                request = requests.message() => match request.and_then(|request| request.map(|r| self.say(r)).transpose()) {
                    Ok(Some(())) => continue,
                    Ok(None) => break,
                    Err(status) => Err(status),
                },
            };
            let failed = response.is_err();
            if responses.send(response).await.is_err() || failed {
                break;
            }
        }
    }

    fn say(&self, request: ChatRequest) -> Result<(), Status> {
        self.find(&request.sender_id)?;
        // This fails if nobody is in the chat, which is not an error.
        let _ = self.chat.send(ChatResponse { sender_id: request.sender_id, text: request.text });
        Ok(())
    }
}
