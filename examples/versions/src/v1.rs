//! Version 1: converts requests and responses.

use rgrpc::{Request, Response, Status};

use crate::directory::Directory;
use crate::proto::user::v1::user_service_server::UserService;
use crate::proto::user::v1::{CreateUserRequest, GetUserRequest, User};

impl UserService for Directory {
    async fn create_user(&self, request: Request<CreateUserRequest>) -> Result<Response<User>, Status> {
        let user = request.into_inner().user.unwrap_or_default().try_into()?;
        Ok(Response::new(self.create(user).into()))
    }

    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        Ok(Response::new(self.get(&request.into_inner().id)?.into()))
    }
}
