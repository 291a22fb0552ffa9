//! From the Authorization header to a caller with the role that the endpoint asks for.

use api::{Caller, Problem, ProblemType};
use domain::Role;
use uuid::Uuid;

use crate::wit::timetracker::identity::verifier::{AuthError, authenticate};

/// What `WWW-Authenticate` says (RFC 6750, 3).
pub(crate) struct Challenge(pub(crate) &'static str);

/// The caller.
///
/// # Errors
/// 401 with a challenge, 403, or 503 where the realm's keys can't be had.
pub(crate) async fn caller(
    authorization: Option<String>,
    role: Role,
    request_id: &str,
) -> Result<Caller, (Problem, Option<Challenge>)> {
    let identity = authenticate(authorization).await.map_err(|error| refused(error, request_id))?;
    let caller = Caller {
        id: Uuid::try_parse(&identity.subject)
            .map_err(|_| invalid("the token's subject is no user of this realm".to_owned()))?,
        username: identity.username,
        name: identity.name,
        roles: identity.roles.iter().filter_map(|name| Role::from_name(name)).collect(),
    };
    match caller.has(role) {
        true => Ok(caller),
        false => {
            let detail = format!("This needs the role `{}`. Ask an administrator for it.", role.name());
            Err((
                Problem::new(ProblemType::Forbidden, detail),
                Some(Challenge(r#"Bearer error="insufficient_scope""#)),
            ))
        }
    }
}

fn refused(error: AuthError, request_id: &str) -> (Problem, Option<Challenge>) {
    match error {
        AuthError::Missing => {
            let detail = "Send an access token: `Authorization: Bearer …`.";
            (Problem::new(ProblemType::Unauthenticated, detail), Some(Challenge("Bearer")))
        }
        AuthError::Expired => {
            let detail = "The access token has expired: refresh it, or log in again.";
            let challenge = Challenge(r#"Bearer error="invalid_token", error_description="expired""#);
            (Problem::new(ProblemType::Unauthenticated, detail), Some(challenge))
        }
        AuthError::Invalid(reason) => invalid(reason),
        AuthError::Unavailable(reason) => {
            eprintln!("request {request_id}: no keys: {reason}");
            (Problem::new(ProblemType::Unavailable, "Logins cannot be checked now."), None)
        }
    }
}

fn invalid(reason: String) -> (Problem, Option<Challenge>) {
    let detail = format!("The access token was refused: {reason}.");
    (Problem::new(ProblemType::Unauthenticated, detail), Some(Challenge(r#"Bearer error="invalid_token""#)))
}
