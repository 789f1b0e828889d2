//! The directory, which stores users of the newest version.

use std::sync::{PoisonError, RwLock};

use rgrpc::Status;

use crate::proto::user::v2::{Role, User};

/// A directory of users, which implements the services of both versions.
#[derive(Debug, Default)]
pub struct Directory(RwLock<Vec<User>>);

impl Directory {
    pub(crate) fn create(&self, user: User) -> User {
        let mut users = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let user = User { id: format!("user-{}", users.len() + 1), ..user };
        users.push(user.clone());
        user
    }

    pub(crate) fn get(&self, id: &str) -> Result<User, Status> {
        let user = self.all().into_iter().find(|user| user.id == id);
        user.ok_or_else(|| Status::not_found(format!("no user has the id `{id}`")))
    }

    pub(crate) fn with_role(&self, role: Role) -> Vec<User> {
        let mut users = self.all();
        users.retain(|user| role == Role::Unspecified || user.role() == role);
        users
    }

    fn all(&self) -> Vec<User> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
