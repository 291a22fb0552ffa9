//! What all operations share, added to the annotations: security, headers, entity tags and refusals.

use api::ProblemType;
use serde_json::{Map, Value, json};

use crate::operations::{annotated, needs_no_login};
use crate::{links, schemas};

/// The whole document.
pub fn document() -> Value {
    let mut document = serde_json::to_value(annotated()).unwrap_or_default();
    document["openapi"] = "3.1.0".into();
    document["info"] = json!({
        "title": "TimeTracker",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Time entries, the timer, what entries name, and reports. Instants are RFC 3339; days are cut in an \
            entry's own zone. Every change needs `If-Match`, every write takes an `Idempotency-Key`, every refusal is a \
            problem (RFC 9457) whose `type` is stable.",
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    });
    document["servers"] = json!([{ "url": "/" }]);
    document["tags"] = json!([
        { "name": "time entries", "description": "What was done, and when." },
        { "name": "timer", "description": "The one entry that runs." },
        { "name": "catalogue", "description": "Projects, clients, tasks and tags." },
        { "name": "settings", "description": "One's profile, and the lock on the past." },
        { "name": "reports", "description": "Totals, from the read model." },
        { "name": "operations", "description": "Messages that could not be applied, for admins." },
    ]);
    document["components"]["securitySchemes"] = security_schemes();
    document["security"] = json!([{ "keycloak": ["openid"] }, { "bearer": [] }]);
    schemas::finish(&mut document["components"]["schemas"]);
    document["components"]["responses"] = refusals();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                complete(path, method, operation);
            }
        }
    }
    links::add(&mut document);
    document
}

fn security_schemes() -> Value {
    json!({
        "keycloak": {
            "type": "oauth2",
            "description": "The realm's login: authorization code with PKCE, client `timetracker-web`.",
            "flows": { "authorizationCode": {
                "authorizationUrl": "/auth/realms/timetracker/protocol/openid-connect/auth",
                "tokenUrl": "/auth/realms/timetracker/protocol/openid-connect/token",
                "refreshUrl": "/auth/realms/timetracker/protocol/openid-connect/token",
                "scopes": { "openid": "who one is" },
            } },
        },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token that one has already.",
        },
    })
}

fn complete(path: &str, method: &str, operation: &mut Value) {
    let has_id = path.contains("{id}");
    let has_body = operation.get("requestBody").is_some();
    let changes = matches!(method, "patch" | "put" | "delete");
    let has_query = operation["parameters"].as_array().into_iter().flatten().any(|one| one["in"] == "query");
    // A stream or a file: it comes as it is, without a version that could be asked for.
    let stream = operation["responses"]["200"]["content"]
        .as_object()
        .is_some_and(|kinds| !kinds.contains_key("application/json"));

    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    if has_id {
        parameters.push(parameter(
            "id",
            "path",
            true,
            "Its id.",
            json!({ "type": "string", "format": "uuid" }),
        ));
    }
    if method == "get" && !stream {
        let text = "The ETag of what one has: 304 where it is still the latest.";
        parameters.push(parameter("If-None-Match", "header", false, text, json!({ "type": "string" })));
    }
    if changes {
        let text = "The ETag of what one read, or `*` for whatever is there.";
        let tags = r#"^(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*$"#;
        let schema = json!({ "type": "string", "anyOf": [{ "const": "*" }, { "pattern": tags }] });
        parameters.push(parameter("If-Match", "header", true, text, schema));
    }
    if method != "get" {
        let text =
            "A name for this request: a repeat with the same one is answered from the store, for 24 hours.";
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
        parameters.push(parameter("Idempotency-Key", "header", false, text, schema));
    }
    operation["parameters"] = parameters.into();

    let mut statuses = vec!["400", "429", "500", "503"];
    match needs_no_login(method, path) {
        true => {
            operation["security"] = json!([]);
            statuses.push("404");
        }
        false => statuses.extend(["401", "403"]),
    }
    statuses.extend(has_id.then_some("404"));
    statuses.extend(changes.then_some(["412", "428"]).into_iter().flatten());
    statuses.extend(has_body.then_some(["413", "415", "422"]).into_iter().flatten());
    statuses.extend((method != "get" && !has_body).then_some(["413", "415", "422"]).into_iter().flatten());
    statuses.extend(has_query.then_some("422"));
    statuses.extend((method != "get").then_some("409"));
    let said = operation["responses"]["409"]["description"].as_str().map(str::to_owned);
    for status in statuses {
        operation["responses"][status] = json!({ "$ref": format!("#/components/responses/{status}") });
    }
    if let Some(kinds) = said {
        operation["responses"]["409"] = refusal(&format!("One of: {kinds}."), "409");
    }
    let contents = operation.pointer_mut("/responses/200/content").and_then(Value::as_object_mut);
    for (kind, content) in contents.into_iter().flatten() {
        if !kind.contains("json") && !kind.starts_with("text/") {
            // OpenAPI 3.1: bytes that are no text have no schema.
            content.as_object_mut().map(|content| content.remove("schema"));
        }
    }
    if method == "get" && !stream {
        operation["responses"]["200"]["headers"] =
            json!({ "ETag": header("Its version, for If-None-Match and If-Match.") });
        operation["responses"]["304"] = json!({ "description": "One has the latest already." });
    }
    if operation["responses"].get("201").is_some() {
        operation["responses"]["201"]["headers"] = json!({
            "Location": header("Where it is."), "ETag": header("Its version, for If-Match."),
        });
    }
}

fn parameter(name: &str, place: &str, required: bool, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": place, "required": required, "description": description, "schema": schema })
}

fn header(description: &str) -> Value {
    json!({ "description": description, "schema": { "type": "string" }, "required": true })
}

/// One answer for each status that problems have, with an example of each kind.
fn refusals() -> Value {
    let mut statuses: Vec<String> =
        ProblemType::ALL.iter().map(|kind| kind.status().as_u16().to_string()).collect();
    statuses.sort();
    statuses.dedup();
    let answers: Map<String, Value> = statuses
        .into_iter()
        .map(|status| {
            let names: Vec<&str> = of_status(&status).map(|kind| kind.name()).collect();
            let text = format!("One of: {}.", names.join(", "));
            let answer = refusal(&text, &status);
            (status, answer)
        })
        .collect();
    answers.into()
}

fn refusal(description: &str, status: &str) -> Value {
    let examples: Map<String, Value> = of_status(status)
        .map(|kind| {
            let document = api::Problem::from(kind).document("5f0c0d0e-3c58-4c3b-9d0e-1f6d3f8f2f10");
            (kind.name().to_owned(), json!({ "value": document }))
        })
        .collect();
    json!({
        "description": description,
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" }, "examples": examples,
        } },
    })
}

fn of_status(status: &str) -> impl Iterator<Item = ProblemType> {
    ProblemType::ALL.iter().copied().filter(move |kind| kind.status().as_str() == status)
}
