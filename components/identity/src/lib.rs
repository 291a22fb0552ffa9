//! identity
mod wit {
    wit_bindgen::generate!({ path: "../../wit", world: "provider" });
}
use wit::exports::timetracker::identity::verifier::{AuthError, Guest, Identity};
struct Verifier;
impl Guest for Verifier {
    async fn authenticate(authorization: Option<String>) -> Result<Identity, AuthError> {
        let issuer = spin_sdk::variables::get("oidc_issuer").await.unwrap_or_default();
        Err(AuthError::Invalid(format!("{authorization:?} {issuer}")))
    }
}
wit::export!(Verifier with_types_in wit);
