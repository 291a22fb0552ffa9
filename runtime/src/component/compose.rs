//! Composes a component with the components that its manifest entry names as dependencies.
//!
//! A dependency runs inside its user's instance and so would reach all that its user reaches. What is not
//! named in `inherit_configuration` is taken away: that import of the dependency is given a name of its own,
//! `denied-…`, which the linker answers with a refusal.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use sha2::{Digest as _, Sha256};
use wac_graph::types::{Package, SubtypeChecker, WorldId};
use wac_graph::{CompositionGraph, EncodeOptions, NodeId};

use super::source::Source;
use crate::manifest::Inherit;

/// In front of the name of an import that a dependency was denied.
pub const DENIED: &str = "denied-";

/// Which imports belong to which capability of `inherit_configuration`. (Sockets are open to no component.)
const CAPABILITY_OF: [(&str, &str); 9] = [
    ("spin:postgres/postgres", "allowed_outbound_hosts"),
    ("wasi:http/client", "allowed_outbound_hosts"),
    ("wasi:http/outgoing-handler", "allowed_outbound_hosts"),
    ("wasi:cli/environment", "environment"),
    ("wasi:filesystem/preopens", "files"),
    ("spin:key-value/key-value", "key_value_stores"),
    ("spin:sqlite/sqlite", "sqlite_databases"),
    ("fermyon:spin/llm", "ai_models"),
    ("spin:variables/variables", "variables"),
];

/// What middleware imports and what all in a chain of it exports.
const HANDLER: &str = "wasi:http/handler@0.3.0";

/// A dependency with the bytes of the component that provides it.
pub struct Part<'a> {
    /// The import, or the package whose imports, it is to satisfy.
    pub name: &'a str,
    /// The id of the component that provides it.
    pub component: &'a str,
    /// The export to use where it is not named like the import.
    pub export: Option<&'a str>,
    /// What it may use.
    pub inherit: &'a Inherit,
    /// Its file.
    pub source: Source,
}

/// Names what a composition is made of and by, so that what was made of the same need not be made again.
pub fn digest(own: &Source, parts: &[&[Part<'_>]]) -> String {
    let mut digest = Sha256::new_with_prefix(include_str!("compose.rs"));
    let mut add = |piece: &[u8]| {
        digest.update(piece.len().to_le_bytes());
        digest.update(piece);
    };
    add(own.digest());
    for parts in parts {
        add(&parts.len().to_le_bytes());
        for Part { name, component: _, export, inherit, source } in *parts {
            add(format!("{name:?} {export:?} {inherit:?}").as_bytes());
            add(source.digest());
        }
    }
    format!("{:x}", digest.finalize())
}

/// `bytes` with its imports satisfied by `parts`.
///
/// # Errors
/// A dependency that satisfies no import, two that satisfy one, a missing export, or types that do not fit.
pub fn compose(id: &str, bytes: Arc<[u8]>, parts: &[Part<'_>]) -> Result<Arc<[u8]>> {
    if parts.is_empty() {
        return Ok(bytes);
    }
    let mut graph = CompositionGraph::new();
    let (world, instance) = add(&mut graph, id, &bytes)?;
    for part in parts {
        let label = format!("dependency {:?} on {:?}", part.name, part.component);
        let imports: Vec<String> = graph.types()[world]
            .imports
            .keys()
            .filter(|import| satisfies(part.name, import))
            .cloned()
            .collect();
        ensure!(!imports.is_empty(), "{label} matches no import of the component");
        let bytes = deny(part).with_context(|| label.clone())?;
        let (provider_world, provider) = add(&mut graph, part.name, &bytes)?;
        for import in imports {
            let export = part.export.unwrap_or(&import);
            check_types(&graph, (provider_world, export), (world, &import)).with_context(|| label.clone())?;
            let alias = graph.alias_instance_export(provider, export)?;
            graph
                .set_instantiation_argument(instance, &import, alias)
                .with_context(|| format!("{label}: {import:?}"))?;
        }
    }
    finish(graph, world, instance)
}

/// `bytes` with `middleware` in front of it, the outermost first.
///
/// # Errors
/// One that is no handler or calls none, as in Spin: of WASI 0.3.0.
pub fn behind(bytes: Arc<[u8]>, middleware: &[Part<'_>]) -> Result<Arc<[u8]>> {
    if middleware.is_empty() {
        return Ok(bytes);
    }
    let mut graph = CompositionGraph::new();
    let (mut world, mut instance) = add(&mut graph, "primary", &bytes)?;
    for (index, part) in middleware.iter().enumerate().rev() {
        let label = || format!("middleware {:?}", part.component);
        let (outer_world, outer) = add(&mut graph, &format!("middleware{index}"), &deny(part)?)?;
        check_types(&graph, (world, HANDLER), (outer_world, HANDLER)).with_context(label)?;
        let inner = graph.alias_instance_export(instance, HANDLER)?;
        graph.set_instantiation_argument(outer, HANDLER, inner).with_context(label)?;
        (world, instance) = (outer_world, outer);
    }
    finish(graph, world, instance)
}

fn add(graph: &mut CompositionGraph, name: &str, bytes: &[u8]) -> Result<(WorldId, NodeId)> {
    let package = Package::from_bytes(name, None, bytes, graph.types_mut())
        .with_context(|| format!("component {name:?} is no WebAssembly component"))?;
    let world = package.ty();
    let package = graph.register_package(package)?;
    Ok((world, graph.instantiate(package)))
}

/// Whether a dependency called `name` (`ns:package/interface@version`, the interface and the version optional)
/// is meant for `import`.
fn satisfies(name: &str, import: &str) -> bool {
    fn split(name: &str) -> (&str, Option<&str>, Option<&str>) {
        let (path, version) =
            name.split_once('@').map_or((name, None), |(path, version)| (path, Some(version)));
        let (package, interface) =
            path.split_once('/').map_or((path, None), |(package, interface)| (package, Some(interface)));
        (package, interface, version)
    }
    let (package, interface, version) = split(name);
    let (import_package, import_interface, import_version) = split(import);
    package == import_package
        && (interface.is_none() || interface == import_interface)
        && (version.is_none() || version == import_version)
}

fn check_types(graph: &CompositionGraph, from: (WorldId, &str), to: (WorldId, &str)) -> Result<()> {
    let types = graph.types();
    let export =
        types[from.0].exports.get(from.1).ok_or_else(|| anyhow!("it does not export {:?}", from.1))?;
    let import = types[to.0].imports.get(to.1).ok_or_else(|| anyhow!("it does not import {:?}", to.1))?;
    let mut cache = Default::default();
    SubtypeChecker::new(&mut cache)
        .is_subtype(*export, types, *import, types)
        .with_context(|| format!("its export {:?} does not fit the import {:?}", from.1, to.1))
}

/// The dependency with its denied imports renamed. This is a composition of its own: in one with the caller,
/// an interface that both import would be imported once, under the caller's name.
fn deny(part: &Part<'_>) -> Result<Arc<[u8]>> {
    let mut graph = CompositionGraph::new();
    let bytes = part.source.bytes()?;
    let (world, instance) = add(&mut graph, part.name, &bytes)?;
    let imports = graph.types()[world].imports.clone();
    let mut denied = false;
    for (import, kind) in imports {
        let Some(capability) = capability_of(&import) else { continue };
        let inherited = match part.inherit {
            Inherit::All(all) => *all,
            Inherit::Some(names) => names.iter().any(|name| name == capability),
            Inherit::Unsaid => false,
        };
        if !inherited {
            tracing::debug!("{:?} does not inherit {capability}: {import} is denied", part.component);
            let node = graph.import(format!("{DENIED}{import}"), kind)?;
            graph.set_instantiation_argument(instance, &import, node)?;
            denied = true;
        }
    }
    match denied {
        true => finish(graph, world, instance),
        false => Ok(bytes),
    }
}

/// Export what `instance` exports, and write the component.
fn finish(mut graph: CompositionGraph, world: WorldId, instance: NodeId) -> Result<Arc<[u8]>> {
    let exports: Vec<String> = graph.types()[world].exports.keys().cloned().collect();
    for export in exports {
        let alias = graph.alias_instance_export(instance, &export)?;
        graph.export(alias, &export)?;
    }
    // wasmtime checks it once more anyhow.
    let options = EncodeOptions { validate: false, ..EncodeOptions::default() };
    Ok(graph.encode(options).context("the composition can't be written")?.into())
}

/// The capability of `inherit_configuration` that `import` belongs to.
fn capability_of(import: &str) -> Option<&'static str> {
    let path = import.split('@').next().unwrap_or(import);
    CAPABILITY_OF.iter().find(|(interface, _)| *interface == path).map(|(_, capability)| *capability)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Sources;

    #[test]
    fn whatever_a_composition_is_made_of_makes_it_another() {
        let folder = tempfile::tempdir().unwrap();
        let source = |content: &str| {
            let path = folder.path().join(content);
            std::fs::write(&path, content).unwrap();
            Sources::default().at(&path).unwrap()
        };
        let part = |name, export, inherit, content| {
            [Part { name, component: "c", export, inherit, source: source(content) }]
        };
        let (all, none) = (Inherit::All(true), Inherit::All(false));
        let one = part("a:b", None, &none, "x");
        let made_of = [
            digest(&source("w"), &[&one, &[]]),
            digest(&source("v"), &[&one, &[]]),
            digest(&source("w"), &[&[], &one]),
            digest(&source("w"), &[&part("a:c", None, &none, "x"), &[]]),
            digest(&source("w"), &[&part("a:b", Some("y"), &none, "x"), &[]]),
            digest(&source("w"), &[&part("a:b", None, &all, "x"), &[]]),
            digest(&source("w"), &[&part("a:b", None, &none, "z"), &[]]),
        ];
        assert_eq!(made_of.iter().collect::<std::collections::BTreeSet<_>>().len(), made_of.len());
        assert_eq!(made_of[0], digest(&source("w"), &[&one, &[]]));
    }

    #[test]
    fn a_name_may_leave_out_interface_and_version() {
        let import = "n:p/i@1.2.0";
        for name in ["n:p/i@1.2.0", "n:p/i", "n:p@1.2.0", "n:p"] {
            assert!(satisfies(name, import), "{name}");
        }
        for name in ["n:p/j@1.2.0", "n:p/i@1.3.0", "n:q", "o:p"] {
            assert!(!satisfies(name, import), "{name}");
        }
    }

    #[test]
    fn capabilities_do_not_depend_on_the_version() {
        assert_eq!(capability_of("wasi:cli/environment@0.2.9"), Some("environment"));
        assert_eq!(capability_of("wasi:cli/stdout@0.2.9"), None);
    }
}
