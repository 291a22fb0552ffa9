//! Ids in paths.

use uuid::Uuid;

use crate::{Problem, ProblemType};

/// Read the id of a path.
///
/// # Errors
/// `malformed`, naming `id`: a wrong address is told from a missing entry.
pub fn path_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::new(ProblemType::Malformed, "An id is a UUID.").field("id"))
}
