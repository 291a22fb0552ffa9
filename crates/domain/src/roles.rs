//! Who may do what. Roles are Keycloak's realm roles; the names are part of the realm's contract.

use serde::{Deserialize, Serialize};

/// A realm role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Tracks own time and reads own reports.
    User,
    /// Also answers for a team.
    Manager,
    /// Also runs the system.
    Admin,
}

impl Role {
    /// The realm role's name, or none for a role that is not ours (Keycloak adds its own).
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::User),
            "manager" => Some(Self::Manager),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }

    /// The name in the realm.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_others_are_none() {
        for role in [Role::User, Role::Manager, Role::Admin] {
            assert_eq!(Role::from_name(role.name()), Some(role));
        }
        assert_eq!(Role::from_name("uma_authorization"), None);
        assert_eq!(Role::from_name("Admin"), None);
    }
}
