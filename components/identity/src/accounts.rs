//! What a person may do now, asked of Keycloak by its admin API. For calls without a token of the person: links to
//! reports show what their owner may see now.

use std::cell::RefCell;
use std::collections::HashMap;

use http::{Request, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use spin_sdk::http::body::IncomingBodyExt as _;

/// A change of roles is seen after this many seconds at the latest, so that a link that is read often costs Keycloak little.
const FRESH: u64 = 10;
/// People that an instance keeps.
const PEOPLE: usize = 256;

/// A person's realm roles; none where Keycloak has no such person, or has disabled them.
type Roles = Option<Vec<String>>;

/// Where Keycloak is asked, and the service account that may.
pub(crate) struct Directory {
    /// The realm's admin API.
    pub(crate) admin_url: String,
    /// Where the service account logs in.
    pub(crate) token_url: String,
    /// The service account's client.
    pub(crate) client: String,
    /// Its secret.
    pub(crate) secret: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    expires_in: u64,
}

#[derive(Deserialize)]
struct Person {
    enabled: bool,
}

#[derive(Deserialize)]
struct Role {
    name: String,
}

thread_local! {
    static TOKEN: RefCell<Option<(String, u64)>> = const { RefCell::new(None) };
    static KNOWN: RefCell<HashMap<String, (Roles, u64)>> = RefCell::new(HashMap::new());
}

/// The roles that a person has now, or had some seconds ago.
///
/// # Errors
/// Keycloak does not answer, or does not let the service account ask.
pub(crate) async fn roles_of(directory: &Directory, subject: &str, now: u64) -> Result<Roles, String> {
    let fresh = |known: &HashMap<String, (Roles, u64)>| {
        known.get(subject).filter(|(_, until)| now < *until).map(|(roles, _)| roles.clone())
    };
    if let Some(roles) = KNOWN.with_borrow(fresh) {
        return Ok(roles);
    }
    let token = token(directory, now).await?;
    let person = format!("{}/users/{subject}", directory.admin_url);
    let roles = match read::<Person>(&person, &token).await? {
        Some(Person { enabled: true }) => {
            let roles: Option<Vec<Role>> =
                read(&format!("{person}/role-mappings/realm/composite"), &token).await?;
            roles.map(|roles| roles.into_iter().map(|role| role.name).collect())
        }
        _ => None,
    };
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= PEOPLE {
            known.clear();
        }
        known.insert(subject.to_owned(), (roles.clone(), now + FRESH));
    });
    Ok(roles)
}

async fn token(directory: &Directory, now: u64) -> Result<String, String> {
    let current = TOKEN.with_borrow(|token| token.clone().filter(|(_, until)| now < *until));
    if let Some((token, _)) = current {
        return Ok(token);
    }
    // Neither holds a character that a form would encode: a client's id and a secret of hexadecimal digits.
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        directory.client, directory.secret
    );
    let request = Request::post(&directory.token_url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let request = request.map_err(|error| error.to_string())?;
    let token: Option<Token> = answered(&directory.token_url, request).await?;
    let token = token.ok_or_else(|| format!("{}: not found", directory.token_url))?;
    // It is renewed some seconds before its end.
    TOKEN.set(Some((token.access_token.clone(), now + token.expires_in.saturating_sub(10))));
    Ok(token.access_token)
}

async fn read<T: DeserializeOwned>(url: &str, token: &str) -> Result<Option<T>, String> {
    let request = Request::get(url).header("authorization", format!("Bearer {token}")).body(String::new());
    let request = request.map_err(|error| error.to_string())?;
    answered(url, request).await
}

/// The JSON of the answer; none for a 404.
async fn answered<T: DeserializeOwned>(url: &str, request: Request<String>) -> Result<Option<T>, String> {
    let response = spin_sdk::http::send(request).await.map_err(|error| format!("{url}: {error}"))?;
    match response.status() {
        StatusCode::NOT_FOUND => return Ok(None),
        status if !status.is_success() => return Err(format!("{url}: {status}")),
        _ => {}
    }
    let json = response.into_body().bytes().await.map_err(|error| format!("{url}: {error}"))?;
    serde_json::from_slice(&json).map(Some).map_err(|error| format!("{url}: {error}"))
}
