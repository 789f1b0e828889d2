//! Conversions of users between the versions.
//!
//! Every user of version 2 converts to version 1, with a loss of detail. Not every user of version 1 converts to version 2.

use std::fmt;

use rgrpc::Status;

use crate::proto::user::{v1, v2};

impl From<v2::User> for v1::User {
    /// Keeps only the first email address, and makes owners admins.
    fn from(user: v2::User) -> Self {
        let admin = matches!(user.role(), v2::Role::Admin | v2::Role::Owner);
        let v2::Name { given, family } = user.name.unwrap_or_default();
        let name = if family.is_empty() { given } else { format!("{given} {family}") };
        Self { id: user.id, name, email: user.emails.into_iter().next().unwrap_or_default(), admin }
    }
}

impl TryFrom<v1::User> for v2::User {
    type Error = NoGivenName;

    /// Splits the name at its last space.
    fn try_from(user: v1::User) -> Result<Self, NoGivenName> {
        let (given, family) = user.name.rsplit_once(' ').unwrap_or((&user.name, ""));
        if given.is_empty() {
            return Err(NoGivenName { name: user.name });
        }
        let role = if user.admin { v2::Role::Admin } else { v2::Role::Member };
        Ok(Self {
            id: user.id,
            name: Some(v2::Name { given: given.to_owned(), family: family.to_owned() }),
            emails: Some(user.email).into_iter().filter(|email| !email.is_empty()).collect(),
            role: role.into(),
        })
    }
}

/// The error about a user of version 1 without a given name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoGivenName {
    name: String,
}

impl fmt::Display for NoGivenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name `{}` has no given name", self.name)
    }
}

impl std::error::Error for NoGivenName {}

impl From<NoGivenName> for Status {
    fn from(error: NoGivenName) -> Self {
        Self::invalid_argument(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(name: &str, email: &str, admin: bool) -> v1::User {
        v1::User { id: "7".to_owned(), name: name.to_owned(), email: email.to_owned(), admin }
    }

    #[test]
    fn converting_from_version_1_to_2_and_back_loses_nothing() {
        for user in
            [old("Ada Lovelace", "ada@example.com", true), old("Ada King Lovelace", "", false), old("Plato", "", false)]
        {
            let new = v2::User::try_from(user.clone()).unwrap();
            assert_eq!(v1::User::from(new), user);
        }
    }

    #[test]
    fn a_user_without_a_given_name_does_not_convert_to_version_2() {
        for name in ["", " Lovelace"] {
            assert_eq!(v2::User::try_from(old(name, "", false)), Err(NoGivenName { name: name.to_owned() }));
        }
    }

    #[test]
    fn converting_to_version_1_loses_details() {
        let user = v2::User {
            id: "7".to_owned(),
            name: Some(v2::Name { given: "Ada".to_owned(), family: "Lovelace".to_owned() }),
            emails: vec!["a@example.com".to_owned(), "b@example.com".to_owned()],
            role: v2::Role::Owner.into(),
        };
        assert_eq!(v1::User::from(user), old("Ada Lovelace", "a@example.com", true));
    }
}
