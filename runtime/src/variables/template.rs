//! Texts with `{{ name }}` in them.

/// A text split at its `{{ name }}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(String),
}

impl Template {
    /// Split `text`.
    ///
    /// # Errors
    /// A `{{` without its `}}`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let (before, from) = rest.split_at(start);
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let (name, after) = from[2..].split_once("}}").ok_or("`{{` without `}}`")?;
            parts.push(Part::Name(name.trim().to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// The variables it names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text with each name replaced by what `value` says.
    pub fn fill<'a, E>(&self, mut value: impl FnMut(&str) -> Result<&'a str, E>) -> Result<String, E> {
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Name(name) => filled.push_str(value(name)?),
            }
        }
        Ok(filled)
    }
}

/// Whether `name` may name a variable: lower-case letters, digits and single underscores inside.
///
/// # Errors
/// The rule that it breaks.
pub fn check_name(name: &str) -> Result<(), String> {
    if let Some(wrong) = name.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_')) {
        return Err(format!(
            "{name:?} has {wrong:?}; lower-case letters, digits and underscores are allowed"
        ));
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(format!("{name:?} must start with a lower-case letter"));
    }
    if name.ends_with('_') || name.contains("__") {
        return Err(format!("{name:?} must have its underscores one at a time between other characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_are_replaced_anywhere() {
        let template = Template::parse("a://{{host}}:{{ port }}/x").unwrap();
        assert_eq!(template.names().collect::<Vec<_>>(), ["host", "port"]);
        let filled = template.fill(|name| Ok::<_, ()>(if name == "host" { "h" } else { "1" }));
        assert_eq!(filled.unwrap(), "a://h:1/x");
    }

    #[test]
    fn an_open_brace_is_refused() {
        assert!(Template::parse("{{ a").is_err());
    }

    #[test]
    fn names_follow_the_rule() {
        assert!(check_name("a_b2").is_ok());
        for wrong in ["", "A", "1a", "a-b", "a__b", "a_"] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }
}
