//! `spin:variables`: values from the environment or the manifest, decided once at start so that a missing
//! one stops the start and not a request.

pub mod template;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use wasmtime::component::{Accessor, HasData};

use crate::bindings::variables::{Error, Host, HostWithStore};
use crate::manifest::{Component, Variable};
use template::{Template, check_name};

/// The application's variables with their values.
#[derive(Clone, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// Take each variable from `SPIN_VARIABLE_<NAME>` as `environment` has it, else from its default.
    ///
    /// # Errors
    /// Required variables without a value; all of them are named.
    pub fn resolve(
        declared: &BTreeMap<String, Variable>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let mut values = BTreeMap::new();
        let mut missing = Vec::new();
        for (name, variable) in declared {
            let key = environment_key(name);
            match environment(&key).or_else(|| variable.default.clone()) {
                Some(value) => {
                    values.insert(name.clone(), value);
                }
                None => missing.push(format!("{name} (set {key})")),
            }
        }
        match missing.is_empty() {
            true => Ok(Self(values)),
            false => Err(anyhow!("required variables have no value: {}", missing.join(", "))),
        }
    }

    /// `text` with its `{{ name }}` replaced.
    ///
    /// # Errors
    /// A broken template or an unknown name.
    pub fn fill(&self, text: &str) -> Result<String> {
        let template = Template::parse(text).map_err(|reason| anyhow!("{text:?}: {reason}"))?;
        template.fill(|name| {
            self.0.get(name).map(String::as_str).ok_or_else(|| anyhow!("{text:?}: unknown variable {name:?}"))
        })
    }

    /// What `component` sees.
    ///
    /// # Errors
    /// As [`Self::fill`].
    pub fn of(&self, component: &Component) -> Result<ComponentVariables> {
        let values = component.variables.iter().map(|(name, text)| Ok((name.clone(), self.fill(text)?)));
        Ok(ComponentVariables(Arc::new(values.collect::<Result<_>>()?)))
    }
}

/// The environment variable that a variable's value comes from.
pub fn environment_key(name: &str) -> String {
    format!("SPIN_VARIABLE_{}", name.to_ascii_uppercase())
}

/// The values that one component sees. No `Debug`: some are secrets.
#[derive(Clone)]
pub struct ComponentVariables(Arc<BTreeMap<String, String>>);

impl HasData for ComponentVariables {
    type Data<'a> = &'a mut ComponentVariables;
}

impl Host for ComponentVariables {
    fn convert_error(&mut self, error: Error) -> wasmtime::Result<Error> {
        Ok(error)
    }
}

impl<T: Send> HostWithStore<T> for ComponentVariables {
    async fn get(store: &Accessor<T, Self>, name: String) -> Result<String, Error> {
        check_name(&name).map_err(Error::InvalidName)?;
        store.with(|mut access| {
            access
                .get()
                .0
                .get(&name)
                .cloned()
                .ok_or_else(|| Error::Undefined(format!("{name:?} is not in the component's [variables]")))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn declared() -> BTreeMap<String, Variable> {
        let optional = Variable { default: Some("d".into()), ..Variable::default() };
        let required = Variable { required: true, ..Variable::default() };
        BTreeMap::from([("optional".into(), optional), ("needed_here".into(), required)])
    }

    #[test]
    fn the_environment_wins_over_the_default() {
        let values = Variables::resolve(&declared(), |key| Some(format!("from {key}"))).unwrap();
        assert_eq!(values.fill("{{ optional }}").unwrap(), "from SPIN_VARIABLE_OPTIONAL");
    }

    #[test]
    fn a_missing_one_is_named_with_its_environment_variable() {
        let error = Variables::resolve(&declared(), |_| None).err().unwrap().to_string();
        assert!(error.contains("needed_here (set SPIN_VARIABLE_NEEDED_HERE)"), "{error}");
        assert!(!error.contains("optional"), "{error}");
    }
}
