//! What the import of a realm cannot do, since it leaves alone what is there: through Keycloak's admin API, at each start.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::progress::{say, step};
use crate::secrets::Secret;
use crate::setup::Setup;

const OURS: &str = "/auth/admin/realms/timetracker";

/// Protects the administrators' realm, and brings a realm of ours that an older version imported up to date. A failure is
/// told and stops nothing: somebody may have changed the administrator's password.
pub fn secure(setup: &Setup) {
    if let Err(error) = step("secure the realms", |_| apply(setup)) {
        say(&format!("! Keycloak's realms stay as they are: {error:#} (docs/OPERATING.md)"));
    }
}

fn apply(setup: &Setup) -> Result<()> {
    let admin = Admin::log_in(setup)?;
    // It is not published, and on this computer nobody may guess either.
    admin.put("/auth/admin/realms/master", &json!({ "bruteForceProtected": true }))?;
    directory(setup, &admin)?;
    let web = admin.client("timetracker-web")?;
    // What an administrator decides later stays: only what was imported before is changed.
    if web["fullScopeAllowed"] == true { narrow(setup, &admin, web) } else { Ok(()) }
}

/// The client by which the owner of a link is looked up, for a realm from before it.
fn directory(setup: &Setup, admin: &Admin) -> Result<()> {
    const CLIENT: &str = "timetracker-directory";
    if admin.client(CLIENT).is_ok() {
        return Ok(());
    }
    let shipped = shipped_realm(setup)?;
    let client =
        shipped["clients"].as_array().into_iter().flatten().find(|client| client["clientId"] == CLIENT);
    let mut client = client.cloned().context("the realm file has no directory client")?;
    client["secret"] = setup.secrets.get(Secret::Directory).into();
    admin.send("POST", &format!("{OURS}/clients"), &client)?;
    let id = text(&admin.client(CLIENT)?["id"])?;
    let account = text(&admin.get(&format!("{OURS}/clients/{id}/service-account-user"))?["id"])?;
    let management = text(&admin.client("realm-management")?["id"])?;
    let role = admin.get(&format!("{OURS}/clients/{management}/roles/view-users"))?;
    let path = format!("{OURS}/users/{account}/role-mappings/clients/{management}");
    admin.send("POST", &path, &json!([role])).map(drop)
}

fn shipped_realm(setup: &Setup) -> Result<Value> {
    let file = setup.paths.repo.join("keycloak/timetracker-realm.json");
    serde_json::from_slice(&fs::read(&file)?).with_context(|| format!("{} is not JSON", file.display()))
}

/// Makes a realm from before what keycloak/timetracker-realm.json makes of a new one.
fn narrow(setup: &Setup, admin: &Admin, mut web: Value) -> Result<()> {
    let shipped = shipped_realm(setup)?;
    let id = text(&web["id"])?;
    let roles = admin.get(&format!("{OURS}/roles"))?;
    let wanted = shipped["scopeMappings"][0]["roles"].as_array().cloned().unwrap_or_default();
    let roles: Vec<&Value> =
        roles.as_array().into_iter().flatten().filter(|role| wanted.contains(&role["name"])).collect();
    admin.send("POST", &format!("{OURS}/clients/{id}/scope-mappings/realm"), &json!(roles))?;
    for scope in
        admin.get(&format!("{OURS}/clients/{id}/optional-client-scopes"))?.as_array().into_iter().flatten()
    {
        let scope = text(&scope["id"])?;
        admin.send("DELETE", &format!("{OURS}/clients/{id}/optional-client-scopes/{scope}"), &Value::Null)?;
    }
    let profile = &shipped["components"]["org.keycloak.userprofile.UserProfileProvider"][0]["config"];
    let profile = text(&profile["kc.user.profile.config"][0])?;
    admin.put(&format!("{OURS}/users/profile"), &serde_json::from_str(&profile)?)?;
    let mut cli = admin.client("admin-cli")?;
    (cli["enabled"], cli["directAccessGrantsEnabled"]) = (false.into(), false.into());
    admin.put(&format!("{OURS}/clients/{}", text(&cli["id"])?), &cli)?;
    let settings = ["quickLoginCheckMilliSeconds", "accessCodeLifespanLogin"];
    admin.put(OURS, &settings.iter().map(|name| ((*name).to_owned(), shipped[name].clone())).collect())?;
    // Last, for it says that all is done.
    web["fullScopeAllowed"] = false.into();
    admin.put(&format!("{OURS}/clients/{id}"), &web)
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("no text: {value}"))
}

/// The administrator of this stack's Keycloak.
struct Admin {
    port: u16,
    token: String,
}

impl Admin {
    fn log_in(setup: &Setup) -> Result<Self> {
        // The password needs no escaping.
        let password = setup.secrets.get(Secret::KeycloakAdmin);
        let form = format!("grant_type=password&client_id=admin-cli&username=admin&password={password}");
        let path = "/auth/realms/master/protocol/openid-connect/token";
        let head = "Content-Type: application/x-www-form-urlencoded\r\n";
        let answer = request(setup.ports.keycloak, "POST", path, head, &form)?;
        Ok(Self { port: setup.ports.keycloak, token: text(&answer["access_token"])? })
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let head = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", self.token);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        request(self.port, method, path, &head, &body)
    }

    fn get(&self, path: &str) -> Result<Value> {
        self.send("GET", path, &Value::Null)
    }

    fn put(&self, path: &str, body: &Value) -> Result<()> {
        self.send("PUT", path, body).map(drop)
    }

    fn client(&self, name: &str) -> Result<Value> {
        let found = self.get(&format!("{OURS}/clients?clientId={name}"))?;
        found.get(0).cloned().with_context(|| format!("the realm has no client {name}"))
    }
}

/// One request over a connection of its own; HTTP/1.0, so that the answer comes in one piece.
fn request(port: u16, method: &str, path: &str, head: &str, body: &str) -> Result<Value> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: localhost:{port}\r\n{head}Content-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    ensure!(status.starts_with('2'), "{method} {path}: {status} {body}");
    match body {
        "" => Ok(Value::Null),
        body => serde_json::from_str(body).or_else(|error| bail!("{method} {path}: {error}")),
    }
}
