//! What several resources' tests need of the others: written through the same door, `tracking.write`.

use api::Caller;
use api::sql::Database;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The trace that writes of tests belong to.
pub const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// A project, client, task or tag made by `who`.
///
/// # Panics
/// When it is refused.
pub async fn create_item(
    db: &impl Database,
    who: &Caller,
    kind: &str,
    name: &str,
    parent: Option<&str>,
) -> Json {
    let item =
        json!({ "id": Uuid::new_v4(), "kind": kind, "name": name, "color": "#4f6bed", "parent_id": parent });
    write(db, who, "create_item", item).await
}

/// Run a command of `tracking.write` as `who`.
///
/// # Panics
/// When it is refused.
pub async fn write(db: &impl Database, who: &Caller, command: &str, arguments: Json) -> Json {
    let caller = json!({ "user": who.id, "username": who.username, "name": who.name, "roles": who.roles,
        "traceparent": TRACE });
    let parameters = vec![caller.into(), command.into(), arguments.into()];
    let rows = db.query("SELECT tracking.write($1::jsonb, $2::text, $3::jsonb)", parameters).await;
    let answer: Json = rows.expect("the database answers").first().expect("a row").read(0).expect("JSON");
    assert!(answer.get("done").is_some(), "{command}: {answer}");
    answer["done"].clone()
}
