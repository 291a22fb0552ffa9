//! The local certificate authority, which a browser is told to trust once, and the gateway's certificate.
//!
//! The authority may sign for this computer's names only (name constraints), so that its key, if it leaked,
//! could not be used to impersonate any other site.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::time::Duration as StdDuration;

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use time::{Duration, OffsetDateTime};

use crate::paths::{make_folder, write_private};

const LEAF_DAYS: i64 = 365;
const RENEW_AFTER: StdDuration = StdDuration::from_secs(300 * 24 * 3600);

/// What the gateway serves, in PEM.
pub struct Certificates {
    /// Folder with `cert.pem` and `key.pem` of the gateway.
    pub folder: PathBuf,
}

/// Makes what is missing or close to its end.
pub fn ensure(ca_folder: &Path, folder: &Path) -> Result<Certificates> {
    make_folder(ca_folder)?;
    make_folder(folder)?;
    let (ca_cert, ca_key) = (ca_folder.join("ca.pem"), ca_folder.join("ca-key.pem"));
    let params = authority_params()?;
    let made_now = !(ca_cert.is_file() && ca_key.is_file());
    let key = if made_now {
        let key = KeyPair::generate()?;
        write_private(&ca_key, key.serialize_pem())?;
        fs::write(&ca_cert, params.self_signed(&key)?.pem())
            .with_context(|| format!("{} cannot be written", ca_cert.display()))?;
        key
    } else {
        let pem =
            fs::read_to_string(&ca_key).with_context(|| format!("{} cannot be read", ca_key.display()))?;
        KeyPair::from_pem(&pem).with_context(|| {
            format!("{} is damaged: delete its folder, a new authority is then made", ca_key.display())
        })?
    };
    let (cert, leaf_key) = (folder.join("cert.pem"), folder.join("key.pem"));
    if made_now || !leaf_key.is_file() || !is_fresh(&cert, &ca_cert) {
        let key_pair = KeyPair::generate()?;
        let signed = leaf_params()?.signed_by(&key_pair, &Issuer::new(params, key))?;
        write_private(&leaf_key, key_pair.serialize_pem())?;
        fs::write(&cert, signed.pem()).with_context(|| format!("{} cannot be written", cert.display()))?;
    }
    Ok(Certificates { folder: folder.to_path_buf() })
}

/// True when the certificate is younger than its renewal age and not older than the authority that signs.
fn is_fresh(cert: &Path, ca: &Path) -> bool {
    let written = |file: &Path| fs::metadata(file).and_then(|meta| meta.modified()).ok();
    match (written(cert), written(ca)) {
        (Some(cert), Some(ca)) => cert >= ca && cert.elapsed().is_ok_and(|age| age < RENEW_AFTER),
        _ => false,
    }
}

/// The same at every call but for its dates, so that the kept key alone is the authority.
fn authority_params() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "TimeTracker local authority");
    params.distinguished_name.push(DnType::OrganizationName, "TimeTracker (this computer only)");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".into()),
            GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0])),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::V6(Ipv6Addr::LOCALHOST), 128)),
        ],
        excluded_subtrees: Vec::new(),
    });
    params.not_before = OffsetDateTime::now_utc() - Duration::days(1);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(3650);
    Ok(params)
}

fn leaf_params() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(vec!["localhost".into()])?;
    params.subject_alt_names.push(SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    params.subject_alt_names.push(SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)));
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.not_before = OffsetDateTime::now_utc() - Duration::days(1);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(LEAF_DAYS);
    Ok(params)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_authority_is_kept_and_the_leaf_is_made_once_and_renewed_when_lost() {
        let folder = std::env::temp_dir().join(format!("xtask-tls-{}", std::process::id()));
        let (ca, leaf) = (folder.join("ca"), folder.join("leaf"));
        ensure(&ca, &leaf).unwrap();
        let ca_file = ca.join("ca.pem");
        let (ca_before, leaf_before) =
            (fs::read(&ca_file).unwrap(), fs::read(leaf.join("cert.pem")).unwrap());
        ensure(&ca, &leaf).unwrap();
        assert_eq!(fs::read(leaf.join("cert.pem")).unwrap(), leaf_before);
        fs::remove_file(leaf.join("key.pem")).unwrap();
        ensure(&ca, &leaf).unwrap();
        assert_ne!(fs::read(leaf.join("cert.pem")).unwrap(), leaf_before);
        assert_eq!(fs::read(&ca_file).unwrap(), ca_before);
        fs::remove_dir_all(&folder).unwrap();
    }
}
