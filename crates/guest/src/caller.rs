//! From the Authorization header to a caller.

use api::{Caller, Problem, ProblemType};
use domain::Role;
use uuid::Uuid;

use crate::wit::timetracker::identity::verifier::{AuthError, authenticate, known, roles_of};

/// Why nobody is known, and the challenge that `WWW-Authenticate` carries.
pub(crate) struct Refusal {
    pub(crate) problem: Problem,
    pub(crate) challenge: Option<&'static str>,
}

/// The caller, and when their token ends, in seconds since 1970.
///
/// # Errors
/// 401 with a challenge, or 503 where the realm's keys can't be had.
pub(crate) async fn caller(authorization: Option<&str>, request_id: &str) -> Result<(Caller, u64), Refusal> {
    let identity = match authorization.and_then(known) {
        Some(identity) => identity,
        None => {
            let verified = authenticate(authorization.map(str::to_owned)).await;
            verified.map_err(|error| refused(error, request_id))?
        }
    };
    let caller = Caller {
        id: Uuid::try_parse(&identity.subject)
            .map_err(|_| invalid("the token's subject is no user of this realm".to_owned()))?,
        username: identity.username,
        name: identity.name,
        roles: roles(&identity.roles),
    };
    Ok((caller, identity.expires_at))
}

/// Ours of a realm's roles.
fn roles(names: &[String]) -> Vec<Role> {
    names.iter().filter_map(|name| Role::from_name(name)).collect()
}

/// Somebody who does not call by themself, with their roles of now; none where they are gone, disabled, or no user any
/// more. Their names are not asked for.
///
/// # Errors
/// 503 where Keycloak does not tell.
pub(crate) async fn person(id: Uuid, request_id: &str) -> Result<Option<Caller>, Problem> {
    let names = roles_of(id.to_string()).await.map_err(|error| {
        eprintln!("request {request_id}: the roles of {id} are not known: {error:?}");
        Problem::new(ProblemType::Unavailable, "The link's owner cannot be looked up now.")
    })?;
    let caller = |roles| Caller { id, username: String::new(), name: String::new(), roles };
    Ok(names.map(|names| caller(roles(&names))).filter(|caller| caller.has(Role::User)))
}

fn refused(error: AuthError, request_id: &str) -> Refusal {
    let unauthenticated = |detail: &str, challenge| Refusal {
        problem: Problem::new(ProblemType::Unauthenticated, detail),
        challenge: Some(challenge),
    };
    match error {
        AuthError::Missing => unauthenticated("Send an access token: `Authorization: Bearer …`.", "Bearer"),
        AuthError::Expired => unauthenticated(
            "The access token has expired: refresh it, or log in again.",
            r#"Bearer error="invalid_token", error_description="expired""#,
        ),
        AuthError::Invalid(reason) => invalid(reason),
        AuthError::Unavailable(reason) => {
            eprintln!("request {request_id}: no keys: {reason}");
            let problem = Problem::new(ProblemType::Unavailable, "Logins cannot be checked now.");
            Refusal { problem, challenge: None }
        }
    }
}

fn invalid(reason: String) -> Refusal {
    let detail = format!("The access token was refused: {reason}.");
    Refusal {
        problem: Problem::new(ProblemType::Unauthenticated, detail),
        challenge: Some(r#"Bearer error="invalid_token""#),
    }
}
