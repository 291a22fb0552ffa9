//! Whose time a list or a report is about, and who may ask for it.

use serde::{Deserialize, Deserializer, de::Error as _};
use uuid::Uuid;

use crate::{Caller, Problem, ProblemType};

/// The parameter `user`: an id, or `all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    Everybodys,
    /// One person's.
    One(Uuid),
}

impl Whose {
    /// Whose time the caller gets, none for everybody's. Where nothing is said it is one's own; others' is for managers
    /// and admins.
    ///
    /// # Errors
    /// `forbidden`, naming `user`.
    pub fn owner(asked: Option<Self>, caller: &Caller) -> Result<Option<Uuid>, Problem> {
        match asked {
            None => Ok(Some(caller.id)),
            Some(Self::One(id)) if id == caller.id || caller.sees_everybody() => Ok(Some(id)),
            Some(Self::Everybodys) if caller.sees_everybody() => Ok(None),
            Some(_) => Err(Problem::from(ProblemType::Forbidden).field("user")),
        }
    }
}

impl<'de> Deserialize<'de> for Whose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "all" => Ok(Self::Everybodys),
            id => Uuid::try_parse(id).map(Self::One).map_err(|_| D::Error::custom("a user's id, or `all`")),
        }
    }
}
