//! TLS to PostgreSQL where the connection string's `sslmode` wants it (`prefer` where it says nothing, as in Spin): the
//! server's certificate and name are checked, against the system's authorities and one that the guest may add.

use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::errors::connection_failed;
use crate::bindings::postgres::Error;

/// An authority that a guest trusts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Authority(CertificateDer<'static>);

impl Authority {
    /// # Errors
    /// `text` is no certificate in PEM.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let invalid =
            |error: &dyn std::fmt::Display| Error::Other(format!("invalid root certificate: {error}"));
        let certificate = CertificateDer::from_pem_slice(text.as_bytes()).map_err(|error| invalid(&error))?;
        RootCertStore::empty().add(certificate.clone()).map_err(|error| invalid(&error))?;
        Ok(Self(certificate))
    }
}

/// What opens connections that trust the system's authorities and `authority`.
///
/// # Errors
/// `connection-failed`, if no version of TLS can be spoken.
pub fn connector(authority: Option<&Authority>) -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    system.errors.iter().for_each(|error| tracing::warn!("an authority of the system: {error}"));
    roots.add_parsable_certificates(system.certs.into_iter().chain(authority.map(|own| own.0.clone())));
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(connection_failed)?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}
