//! Who is calling, and which trace the call belongs to.

use domain::Role;
use uuid::Uuid;

/// A caller whose token was verified by `components/identity`.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Keycloak's user id: the owner of what the caller writes.
    pub id: Uuid,
    /// The login name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// Our roles; Keycloak's own are left out.
    pub roles: Vec<Role>,
}

impl Caller {
    /// Whether the caller has the role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the caller may read everybody's time: managers and admins.
    pub fn sees_everybody(&self) -> bool {
        self.has(Role::Manager) || self.has(Role::Admin)
    }
}

/// A W3C trace context (`traceparent` header), handed on with every event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceParent(String);

impl TraceParent {
    /// Take a header's value if it is a right one: `00-<32 hex>-<16 hex>-<2 hex>`, ids not all zero
    /// (W3C Trace Context, 3.2).
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let version = hex(parts.next()?, 2)?;
        let trace = hex(parts.next()?, 32)?;
        let span = hex(parts.next()?, 16)?;
        hex(parts.next()?, 2)?;
        let known = version == "00" && parts.next().is_none();
        let zero = |id: &str| id.bytes().all(|byte| byte == b'0');
        (known && !zero(trace) && !zero(span)).then(|| Self(header.to_owned()))
    }

    /// Begin a trace, sampled.
    pub fn begin() -> Self {
        let trace = Uuid::new_v4().simple().to_string();
        let span = Uuid::new_v4().simple().to_string();
        Self(format!("00-{trace}-{}-01", &span[..16]))
    }

    /// The header's value.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn hex(text: &str, length: usize) -> Option<&str> {
    let right = text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    right.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_right_trace_parents_are_taken() {
        let right = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(TraceParent::parse(right).unwrap().as_str(), right);
        for wrong in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        ] {
            assert_eq!(TraceParent::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_begun_trace_is_right_and_new() {
        let (one, two) = (TraceParent::begin(), TraceParent::begin());
        assert!(TraceParent::parse(one.as_str()).is_some());
        assert_ne!(one, two);
    }
}
