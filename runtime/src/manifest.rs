//! Reads spin.toml strictly: a key or a value that this runtime would not honour stops it with a line that
//! names the key, because a silently ignored grant or mount is found much later.

mod schema;

use std::path::{Path, PathBuf};

pub use schema::{
    Build, Component, Dependency, FileMount, HttpTrigger, Inherit, Manifest, Middleware, Variable,
};

use crate::variables::template::{Template, check_name};

/// The capabilities that `inherit_configuration` may name.
pub const CAPABILITIES: [&str; 7] = [
    "ai_models",
    "allowed_outbound_hosts",
    "environment",
    "files",
    "key_value_stores",
    "sqlite_databases",
    "variables",
];

/// Why a manifest was refused.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file can't be read.
    #[error("can't read {path}: {source}")]
    Read {
        /// The manifest.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not TOML, or a key that is unknown or not supported here.
    #[error(
        "{path}:{line}: {message} (keys that this runtime does not serve are refused; see docs/runtime.md)"
    )]
    Parse {
        /// The manifest.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Right keys, wrong values.
    #[error("{path}: {message}")]
    Invalid {
        /// The manifest.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
}

/// Read and check the manifest at `path`.
///
/// # Errors
/// The file can't be read, has an unknown key, or contradicts itself; the message names the key.
pub fn load(path: &Path) -> Result<Manifest, ManifestError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ManifestError::Read { path: path.to_owned(), source })?;
    let wrong = |key: String, error: &toml::de::Error| ManifestError::Parse {
        path: path.to_owned(),
        line: line_of(&text, error.span()),
        message: format!("{key}{}", error.message().replace('\n', " ")),
    };
    let document = toml::Deserializer::parse(&text).map_err(|error| wrong(String::new(), &error))?;
    let mut manifest: Manifest = serde_path_to_error::deserialize(document)
        .map_err(|error| wrong(format!("{}: ", error.path()), error.inner()))?;
    check(&manifest).map_err(|message| ManifestError::Invalid { path: path.to_owned(), message })?;
    normalize(&mut manifest);
    Ok(manifest)
}

/// Put into each component what is said of it elsewhere: what its dependencies inherit, and, in a copy for each trigger
/// that has some, the middleware in front of it.
fn normalize(manifest: &mut Manifest) {
    for component in manifest.component.values_mut() {
        if let Some(all) = component.dependencies_inherit_configuration {
            let dependencies = component.dependencies.values_mut();
            dependencies.for_each(|dependency| dependency.inherit_configuration = Inherit::All(all));
        }
    }
    for (index, trigger) in manifest.trigger.http.iter_mut().enumerate() {
        let middleware = std::mem::take(&mut trigger.dependencies.middleware);
        if !middleware.is_empty() {
            let copy = Component {
                build: None,
                middleware,
                copy_of: Some(trigger.component.clone()),
                ..manifest.component[&trigger.component].clone()
            };
            trigger.component = format!("{}@trigger-{}", trigger.component, index + 1);
            manifest.component.insert(trigger.component.clone(), copy);
        }
    }
}

fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> usize {
    let end = span.map_or(0, |span| span.start.min(text.len()));
    text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() + 1
}

fn check(manifest: &Manifest) -> Result<(), String> {
    if manifest.spin_manifest_version != 2 {
        return Err(format!("spin_manifest_version is {}; only 2 is served", manifest.spin_manifest_version));
    }
    for (name, variable) in &manifest.variables {
        check_name(name).map_err(|reason| format!("variables.{name}: {reason}"))?;
        if variable.required == variable.default.is_some() {
            return Err(format!("variables.{name}: must be `required` or have a `default`, not both"));
        }
    }
    for trigger in &manifest.trigger.http {
        if !manifest.component.contains_key(&trigger.component) {
            return Err(format!(
                "trigger.http {:?} names component {:?}, which is not defined",
                trigger.route, trigger.component
            ));
        }
        for middleware in &trigger.dependencies.middleware {
            check_part(manifest, &middleware.component, &middleware.inherit_configuration).map_err(
                |reason| format!("trigger.http {:?}.dependencies.middleware: {reason}", trigger.route),
            )?;
        }
    }
    for (id, component) in &manifest.component {
        check_component(manifest, component).map_err(|reason| format!("component.{id}.{reason}"))?;
    }
    Ok(())
}

fn check_component(manifest: &Manifest, component: &Component) -> Result<(), String> {
    for (name, text) in &component.variables {
        check_name(name).map_err(|reason| format!("variables.{name}: {reason}"))?;
        check_template(manifest, text).map_err(|reason| format!("variables.{name}: {reason}"))?;
    }
    for text in &component.allowed_outbound_hosts {
        check_template(manifest, text)
            .map_err(|reason| format!("allowed_outbound_hosts: {text:?}: {reason}"))?;
    }
    for (import, dependency) in &component.dependencies {
        check_part(manifest, &dependency.component, &dependency.inherit_configuration)
            .map_err(|reason| format!("dependencies.{import:?}: {reason}"))?;
        let both = component.dependencies_inherit_configuration.is_some()
            && dependency.inherit_configuration != Inherit::Unsaid;
        if both {
            return Err(format!(
                "dependencies.{import:?}.inherit_configuration: `dependencies_inherit_configuration` is given too"
            ));
        }
    }
    Ok(())
}

/// Whether `id` may be a part of another component: as in Spin, one with a configuration of its own may not.
fn check_part(manifest: &Manifest, id: &str, inherit: &Inherit) -> Result<(), String> {
    let part = manifest.component.get(id).ok_or_else(|| format!("component {id:?} is not defined"))?;
    let own = [
        ("allowed_outbound_hosts", part.allowed_outbound_hosts.is_empty()),
        ("dependencies", part.dependencies.is_empty()),
        ("environment", part.environment.is_empty()),
        ("files", part.files.is_empty()),
        ("key_value_stores", part.key_value_stores.is_empty()),
        ("variables", part.variables.is_empty()),
    ];
    if let Some((key, _)) = own.iter().find(|(_, empty)| !empty) {
        return Err(format!("component {id:?} has {key} of its own, so it can't be a part of another"));
    }
    match inherit {
        Inherit::Some(names) => match names.iter().find(|name| !CAPABILITIES.contains(&name.as_str())) {
            Some(name) => {
                Err(format!("inherit_configuration: {name:?} is none of {}", CAPABILITIES.join(", ")))
            }
            None => Ok(()),
        },
        Inherit::All(_) | Inherit::Unsaid => Ok(()),
    }
}

fn check_template(manifest: &Manifest, text: &str) -> Result<(), String> {
    let template = Template::parse(text)?;
    match template.names().find(|name| !manifest.variables.contains_key(*name)) {
        Some(name) => Err(format!("unknown variable {name:?}")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HEAD: &str = "spin_manifest_version = 2\n[application]\nname = \"x\"\n";

    fn refused(rest: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spin.toml");
        std::fs::write(&path, format!("{HEAD}{rest}")).unwrap();
        load(&path).unwrap_err().to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error =
            refused("[trigger]\n[component.a]\nsource = \"a.wasm\"\nsqlite_databases = [\"default\"]\n");
        assert!(error.contains("sqlite_databases") && error.contains(":7:"), "{error}");
    }

    #[test]
    fn another_trigger_is_named() {
        assert!(refused("[[trigger.redis]]\nchannel = \"c\"\n").contains("redis"));
    }

    #[test]
    fn a_variable_is_required_or_has_a_default() {
        let error = refused("[trigger]\n[variables]\nv = {}\n");
        assert!(error.contains("variables.v: must be"), "{error}");
    }

    #[test]
    fn an_unknown_variable_in_a_template_is_named() {
        let error = refused("[trigger]\n[component.a]\nsource = \"a\"\nvariables = { v = \"{{ w }}\" }\n");
        assert!(error.contains("component.a.variables.v: unknown variable \"w\""), "{error}");
    }

    #[test]
    fn a_capability_must_exist() {
        let error = refused(
            "[trigger]\n[component.b]\nsource = \"b\"\n[component.a]\nsource = \"a\"\n[component.a.dependencies]\n\
             \"n:p/i@1.0.0\" = { component = \"b\", inherit_configuration = [\"variable\"] }\n",
        );
        assert!(error.contains("\"variable\" is none of"), "{error}");
    }
}
