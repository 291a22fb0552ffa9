//! A realm of the benchmark's own: Keycloak would have to log 200 people in, and signs by EdDSA, which passport-jwt
//! does not know. The tokens have what Keycloak's have, and their length.

use std::net::TcpListener;

use anyhow::Result;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use jwt_simple::prelude::{Claims, Duration, RS256KeyPair, RSAKeyPairLike as _};
use serde_json::{Value, json};
use uuid::Uuid;

/// What the tokens' audience is.
pub(crate) const AUDIENCE: &str = "timetracker-api";
/// Who issues them.
pub(crate) const ISSUER: &str = "https://localhost:8443/auth/realms/timetracker";
const KEY: &str = "Zt8qvXAn3pJ5mJzN1bS0mQeYk7fL2cDgHrUwVxOaTiE";

/// A key that signs, and an address that tells its public half.
pub struct Realm {
    key: RS256KeyPair,
    /// `scheme://host:port` of the realm's keys.
    pub(crate) origin: String,
}

impl Realm {
    /// Make a key and serve it for as long as the process lives.
    ///
    /// # Errors
    /// No port, or no thread for it.
    pub fn start() -> Result<Self> {
        let key = RS256KeyPair::generate(2048)?.with_key_id(KEY);
        let mut public: Value = serde_json::from_str(&key.public_key().to_jwk())?;
        (public["kid"], public["use"], public["alg"]) = (KEY.into(), "sig".into(), "RS256".into());
        let keys = json!({ "keys": [public] }).to_string();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let origin = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::spawn(move || {
            let answer = get(async || ([(CONTENT_TYPE, "application/json")], keys));
            let app = Router::new().route("/certs", answer);
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, app).await
            })
        });
        Ok(Self { key, origin })
    }

    /// An access token of a person, for an hour.
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn token(&self, number: u32) -> Result<String> {
        let name = format!("person{number}");
        let claims = json!({
            "typ": "Bearer", "azp": "timetracker-web", "sid": Uuid::new_v4(), "acr": "1", "jti": Uuid::new_v4(),
            "allowed-origins": ["https://localhost:8443"],
            "realm_access": { "roles": ["default-roles-timetracker", "offline_access", "uma_authorization", "user"] },
            "resource_access": { "account": { "roles": ["manage-account", "manage-account-links", "view-profile"] } },
            "scope": "openid email profile", "email_verified": true, "groups": ["/teams/atlas"],
            "preferred_username": name, "name": format!("Person {number}"), "given_name": "Person",
            "family_name": number.to_string(), "email": format!("{name}@example.org"),
        });
        let claims = Claims::with_custom_claims(claims, Duration::from_hours(1))
            .with_issuer(ISSUER)
            .with_audience(AUDIENCE)
            .with_subject(person(number));
        self.key.sign(claims)
    }
}

/// The id of a person.
pub fn person(number: u32) -> Uuid {
    Uuid::from_u128(0x7065_6f70_6c65_4000_8000_0000_0000_0000 + u128::from(number))
}
