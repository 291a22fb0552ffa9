//! Links to reports show what their owner may see now. Keycloak's administration takes roles and people away.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use e2e::{Client, eventually, login};
use serde_json::{Value, json};
use testkit::required;

const ADMIN: &str = "/auth/admin/realms/timetracker";
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

/// The realm's administration, past the gateway, which does not publish it.
struct Realm(Client);

impl Realm {
    fn new() -> Self {
        let keycloak = Client::plain(&required("TIMETRACKER_TEST_KEYCLOAK_URL"));
        let password = required("TIMETRACKER_TEST_KEYCLOAK_PASSWORD");
        let form = format!("grant_type=password&client_id=admin-cli&username=admin&password={password}");
        let form_type = [("content-type", "application/x-www-form-urlencoded")];
        let token =
            keycloak.send("POST", "/auth/realms/master/protocol/openid-connect/token", &form_type, &form);
        assert_eq!(token.status, 200, "{}", token.text);
        Self(keycloak.with_token(token.json()["access_token"].as_str().unwrap()))
    }

    fn send(&self, method: &str, path: &str, body: &Value) {
        let answer = self.0.send(method, &format!("{ADMIN}{path}"), &JSON, &body.to_string());
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.text);
    }

    fn role(&self, name: &str) -> Value {
        json!([self.0.get(&format!("{ADMIN}/roles/{name}")).json()])
    }

    /// A new person with these roles, whose password is their name; their id.
    fn person(&self, name: &str, roles: &[&str]) -> String {
        let person = json!({ "username": name, "enabled": true, "firstName": "Some", "lastName": "Body",
            "email": format!("{name}@example.org"), "emailVerified": true,
            "credentials": [{ "type": "password", "value": name, "temporary": false }] });
        self.send("POST", "/users", &person);
        let found = self.0.get(&format!("{ADMIN}/users?exact=true&username={name}")).json();
        let id = found[0]["id"].as_str().unwrap().to_owned();
        for role in roles {
            self.send("POST", &format!("/users/{id}/role-mappings/realm"), &self.role(role));
        }
        id
    }
}

#[test]
fn a_link_ends_with_its_owners_role_and_with_its_owner() {
    let realm = Realm::new();
    let name = format!("boss-{}", uuid::Uuid::new_v4().simple());
    let id = realm.person(&name, &["user", "manager"]);
    let boss = login(&name);
    let report = boss.post(
        "/api/v1/saved-reports",
        &json!({ "name": "Everybody", "definition": { "span": "this_month", "group_by": ["user"], "user": "all" } }),
    );
    let ends = json!({ "expires_at": chrono::Utc::now() + chrono::TimeDelta::hours(1) });
    let share = boss.post(&format!("/api/v1/saved-reports/{}/share", report.id()), &ends);
    let link = format!("/api/v1/shared-reports/{}", share.json()["token"].as_str().unwrap());
    let stranger = Client::stranger();
    let opens = |expected: u16, when: &str| {
        eventually(60, when, || match stranger.get(&link).status {
            status if status == expected => Ok(()),
            status => Err(status.to_string()),
        });
    };
    assert_eq!(stranger.get(&link).status, 200);

    realm.send("DELETE", &format!("/users/{id}/role-mappings/realm"), &realm.role("manager"));
    opens(404, "no manager any more");
    realm.send("POST", &format!("/users/{id}/role-mappings/realm"), &realm.role("manager"));
    opens(200, "a manager again");
    realm.send("PUT", &format!("/users/{id}"), &json!({ "enabled": false }));
    opens(404, "disabled");

    // Who runs the system finds the link, and ends it.
    let ada = login("ada");
    let listed = ada.get("/api/v1/shares?limit=200").json();
    let found =
        listed["items"].as_array().unwrap().iter().find(|one| one["id"] == share.json()["id"]).cloned();
    assert_eq!(found.unwrap()["owner_id"], id.as_str());
    assert_eq!(ada.delete(&format!("/api/v1/shares/{}", share.id())).status, 204);

    realm.send("DELETE", &format!("/users/{id}"), &Value::Null);
}
