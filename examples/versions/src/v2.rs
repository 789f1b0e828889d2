//! Version 2, the newest.

use rgrpc::{Request, Response, ServerStream, Status};

use crate::directory::Directory;
use crate::proto::user::v2::user_service_server::UserService;
use crate::proto::user::v2::{CreateUserRequest, GetUserRequest, ListUsersRequest, User};

impl UserService for Directory {
    async fn create_user(&self, request: Request<CreateUserRequest>) -> Result<Response<User>, Status> {
        let user = request.into_inner().user.unwrap_or_default();
        if user.name.as_ref().is_none_or(|name| name.given.is_empty()) {
            return Err(Status::invalid_argument("a user needs a given name"));
        }
        Ok(Response::new(self.create(user)))
    }

    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        Ok(Response::new(self.get(&request.into_inner().id)?))
    }

    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<impl ServerStream<User>>, Status> {
        let users = self.with_role(request.get_ref().role());
        Ok(Response::new(tokio_stream::iter(users.into_iter().map(Ok))))
    }
}
