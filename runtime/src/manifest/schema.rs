//! The keys of a Spin manifest, version 2, that this runtime serves; every other key is an error.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};
use serde::Deserialize;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Must be 2.
    pub spin_manifest_version: u32,
    /// Name and description, for people.
    pub application: Application,
    /// Variables of the application, by name.
    #[serde(default)]
    pub variables: BTreeMap<String, Variable>,
    /// What starts components.
    pub trigger: Triggers,
    /// Components, by id.
    #[serde(default)]
    pub component: BTreeMap<String, Component>,
}

impl Manifest {
    /// The components that routes name.
    pub fn routed(&self) -> BTreeSet<String> {
        self.trigger.http.iter().map(|trigger| trigger.component.clone()).collect()
    }

    /// The entry of the component `id`.
    ///
    /// # Errors
    /// There is none.
    pub fn part(&self, id: &str) -> Result<&Component> {
        self.component.get(id).ok_or_else(|| anyhow!("component {id:?} is not in the manifest"))
    }
}

/// `[application]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The application's name.
    pub name: String,
    /// Its version, for people.
    pub version: Option<String>,
    /// A line about it, for people.
    pub description: Option<String>,
    /// Who wrote it, for people.
    #[serde(default)]
    pub authors: Vec<String>,
}

/// `[variables]`: each is either required or has a default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The value where the environment has none.
    pub default: Option<String>,
    /// Must come from the environment.
    #[serde(default)]
    pub required: bool,
    /// Must not be shown.
    #[serde(default)]
    pub secret: bool,
    /// For people.
    pub description: Option<String>,
}

/// `[[trigger.…]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triggers {
    /// One for each route.
    #[serde(default)]
    pub http: Vec<HttpTrigger>,
}

/// `[[trigger.http]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpTrigger {
    /// A name for people.
    pub id: Option<String>,
    /// Path: `/a`, `/a/:name`, `/a/...`.
    pub route: String,
    /// The id of the component that answers.
    pub component: String,
    /// What stands in front of it.
    #[serde(default)]
    pub dependencies: TriggerDependencies,
}

/// `dependencies` of a trigger.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerDependencies {
    /// Components that a request passes on its way, the outermost first.
    #[serde(default)]
    pub middleware: Vec<Middleware>,
}

/// A value of `dependencies.middleware`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Middleware {
    /// The id of the component.
    pub component: String,
    /// What it may use of the configuration of the component that answers.
    #[serde(default)]
    pub inherit_configuration: Inherit,
}

/// `[component.<id>]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The .wasm file, relative to the manifest.
    pub source: String,
    /// For people.
    pub description: Option<String>,
    /// Where it may connect to: `scheme://host:port`, templates allowed.
    #[serde(default)]
    pub allowed_outbound_hosts: Vec<String>,
    /// Labels of the key-value stores it may open.
    #[serde(default)]
    pub key_value_stores: Vec<String>,
    /// What `spin:variables` answers, templates allowed.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// WASI environment variables.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// What it may read through the file system.
    #[serde(default)]
    pub files: Vec<FileMount>,
    /// Imports that other components satisfy, by the import's name.
    #[serde(default)]
    pub dependencies: BTreeMap<String, Dependency>,
    /// What all of them may use, where none says so itself.
    pub dependencies_inherit_configuration: Option<bool>,
    /// How to make `source`.
    pub build: Option<Build>,
    /// What stands in front of it; the triggers' `dependencies.middleware` come here.
    #[serde(skip)]
    pub middleware: Vec<Middleware>,
    /// The component that this is a copy of, with middleware.
    #[serde(skip)]
    pub copy_of: Option<String>,
}

impl Component {
    /// The ids of other components that it is made of.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let dependencies = self.dependencies.values().map(|dependency| &dependency.component);
        let middleware = self.middleware.iter().map(|middleware| &middleware.component);
        dependencies.chain(middleware).chain(&self.copy_of).map(String::as_str)
    }
}

/// An entry of `files`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum FileMount {
    /// A file, folder or glob, seen by the guest under the same relative path.
    Pattern(String),
    /// A folder or file, seen by the guest at `destination`.
    Placement(Placement),
}

/// `{ source, destination }` of `files`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// Path relative to the manifest.
    pub source: String,
    /// Path in the guest.
    pub destination: String,
}

/// A value of `dependencies`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The id of the component that exports the interface.
    pub component: String,
    /// The export to use, where it is not named like the import.
    pub export: Option<String>,
    /// What of the importing component's configuration the dependency may use.
    #[serde(default)]
    pub inherit_configuration: Inherit,
}

/// `inherit_configuration`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Inherit {
    /// Everything or nothing.
    All(bool),
    /// The named capabilities.
    Some(Vec<String>),
    /// Not said, which is nothing.
    #[default]
    #[serde(skip)]
    Unsaid,
}

/// `[component.<id>.build]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Shell commands, run in order.
    pub command: Commands,
    /// Where they run, relative to the manifest.
    pub workdir: Option<String>,
    /// Globs of sources, relative to `workdir`.
    #[serde(default)]
    pub watch: Vec<String>,
}

/// One command or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Commands {
    /// One.
    Single(String),
    /// Several, run in order until one fails.
    Multiple(Vec<String>),
}

impl Build {
    /// The commands in order.
    pub fn commands(&self) -> &[String] {
        match &self.command {
            Commands::Single(one) => std::slice::from_ref(one),
            Commands::Multiple(many) => many,
        }
    }
}
