//! Who is calling: the realm's tokens, verified by the crate that our identity component verifies them with, here
//! natively; and the same bounded memory of those that were verified.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use api::{Caller, Problem, ProblemType};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use domain::Role;
use jwt::{Claims, Expected, KeySet, Refusal};
use uuid::Uuid;

/// Ask for an unknown key at most this often.
const FETCH_PAUSE: Duration = Duration::from_secs(5);

pub(crate) struct Realm {
    expected: Expected,
    jwks_url: String,
    http: reqwest::Client,
    keys: RwLock<Arc<KeySet>>,
    asked: Mutex<Option<Instant>>,
    /// Whose bound is 0 remembers nothing.
    remembered: RwLock<HashMap<String, Claims>>,
    most: usize,
}

impl Realm {
    pub(crate) fn new(issuer: String, audience: String, jwks_url: String, most: usize) -> Self {
        Self {
            expected: Expected { issuer, audience, client: "timetracker-web".to_owned() },
            jwks_url,
            http: reqwest::Client::new(),
            keys: RwLock::default(),
            asked: Mutex::default(),
            remembered: RwLock::default(),
            most,
        }
    }

    /// The caller, who has the role `user`; or the refusal and what `WWW-Authenticate` says.
    pub(crate) async fn caller(
        &self,
        headers: &HeaderMap,
    ) -> Result<Caller, (Problem, Option<&'static str>)> {
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(|| {
            unauthenticated("Send an access token: `Authorization: Bearer …`.".to_owned(), "Bearer")
        })?;
        let claims = self.claims(header).await.map_err(refused)?;
        let id = Uuid::try_parse(&claims.subject)
            .map_err(|_| invalid("the token's subject is no user of this realm"))?;
        let roles: Vec<Role> = claims.roles.iter().filter_map(|name| Role::from_name(name)).collect();
        if !roles.contains(&Role::User) {
            let detail = "This needs the role `user`. Ask an administrator for it.";
            let challenge = r#"Bearer error="insufficient_scope""#;
            return Err((Problem::new(ProblemType::Forbidden, detail), Some(challenge)));
        }
        Ok(Caller { id, username: claims.username, name: claims.name, roles })
    }

    async fn claims(&self, header: &str) -> Result<Claims, Refusal> {
        let token = jwt::bearer(header)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        if let Some(known) = self.recall(token, now) {
            return Ok(known);
        }
        let keys = self.keys_with(&jwt::key_id(token)?).await;
        let claims = jwt::verify(token, &keys, &self.expected, now)?;
        self.remember(token, &claims);
        Ok(claims)
    }

    fn recall(&self, token: &str, now: u64) -> Option<Claims> {
        let remembered = self.remembered.read().unwrap_or_else(PoisonError::into_inner);
        remembered.get(token).filter(|claims| claims.expires_at > now).cloned()
    }

    fn remember(&self, token: &str, claims: &Claims) {
        if self.most == 0 {
            return;
        }
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= self.most {
            remembered.clear();
        }
        remembered.insert(token.to_owned(), claims.clone());
    }

    /// The key set, fetched anew if it lacks `id`; with the realm away the known one.
    async fn keys_with(&self, id: &str) -> Arc<KeySet> {
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        if known.has(id) || !self.may_ask() {
            return known;
        }
        let fetched = async {
            let answer = self.http.get(&self.jwks_url).send().await?.error_for_status()?;
            anyhow::Ok(KeySet::parse(&answer.bytes().await?)?)
        };
        match fetched.await {
            Ok(keys) => {
                let keys = Arc::new(keys);
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&keys);
                keys
            }
            Err(error) => {
                eprintln!("the realm's keys cannot be fetched: {error:#}");
                known
            }
        }
    }

    fn may_ask(&self) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let may = asked.is_none_or(|at| at.elapsed() >= FETCH_PAUSE);
        if may {
            *asked = Some(Instant::now());
        }
        may
    }
}

fn refused(refusal: Refusal) -> (Problem, Option<&'static str>) {
    match refusal {
        Refusal::Expired => unauthenticated(
            "The access token has expired: refresh it, or log in again.".to_owned(),
            r#"Bearer error="invalid_token", error_description="expired""#,
        ),
        other => invalid(&other.to_string()),
    }
}

fn invalid(reason: &str) -> (Problem, Option<&'static str>) {
    unauthenticated(format!("The access token was refused: {reason}."), r#"Bearer error="invalid_token""#)
}

fn unauthenticated(detail: String, challenge: &'static str) -> (Problem, Option<&'static str>) {
    (Problem::new(ProblemType::Unauthenticated, detail), Some(challenge))
}
