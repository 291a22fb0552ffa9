//! Do all contenders answer and write the same? Ids and times of creation aside, to the last field.

use anyhow::{Context as _, Result, ensure};
use e2e::{Answer, Client};
use serde_json::{Value, json};

use crate::{Contenders, Program, person};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// The first of those who write, one for each contender; they are new to the database.
const WRITERS: u32 = 1_000;

/// What is different by its nature.
const OWN: [&str; 6] = ["id", "user_id", "created_at", "updated_at", "conflict", "entry_id"];

/// Compare all with the first, which is ours.
///
/// # Errors
/// Names the request and the first contender that answers or writes something else.
pub async fn check(contenders: &Contenders) -> Result<()> {
    tokio::task::block_in_place(|| {
        reads(contenders)?;
        writes(contenders)
    })?;
    events(contenders).await
}

fn reads(contenders: &Contenders) -> Result<()> {
    let token = contenders.ground.realm.token(0)?;
    let ask = |path: &str, token: Option<&str>| {
        let answers = contenders.programs.iter().map(|program| send(program, token, "GET", path, None));
        same(contenders, &format!("GET {path}"), answers.collect::<Result<_>>()?, |body| body)
    };
    let missing = ask("/api/v1/time-entries", None)?;
    ensure!(missing.status == 401, "no token: {}", missing.text);
    let all = ask("/api/v1/time-entries", Some(&token))?;
    ensure!(all.json()["items"].as_array().map(Vec::len) == Some(40), "the listing: {}", all.text);
    let page = ask("/api/v1/time-entries?limit=20", Some(&token))?;
    let next = page.json()["next_cursor"].as_str().context("20 of 40 entries have a next page")?.to_owned();
    let last = ask(&format!("/api/v1/time-entries?limit=20&cursor={next}"), Some(&token))?;
    ensure!(last.json()["next_cursor"].is_null(), "the last page: {}", last.text);
    let wrong = ask("/api/v1/time-entries?limit=0", Some(&token))?;
    ensure!(wrong.status == 400, "a limit of 0: {}", wrong.text);
    let forged = ask("/api/v1/time-entries", Some(&format!("{}AAAA", &token[..token.len() - 4])))?;
    ensure!(forged.status == 401, "another's signature: {}", forged.text);
    Ok(())
}

fn writes(contenders: &Contenders) -> Result<()> {
    let entry =
        |start: &str, end: &str| json!({ "start": start, "end": end, "description": "Plan the week" });
    let cases = [
        // Over the midnight that ends a day of 25 hours.
        (
            201,
            json!({ "start": "2025-10-26T20:00:00+01:00", "end": "2025-10-27T10:00:00.75+01:00",
            "zone": "Europe/Zurich", "description": "  a long night\n", "tag_ids": [], "billable": true }),
        ),
        (201, entry("2025-05-04T07:00:00Z", "2025-05-04T08:30:00Z")),
        (201, json!({ "start": "2025-11-01T07:00:00Z" })),
        (409, json!({ "start": "2025-11-01T09:00:00Z", "end": null })),
        (409, entry("2025-05-04T06:00:00Z", "2025-05-04T07:30:00Z")),
        (422, entry("2025-05-05T07:00:00Z", "2025-05-05T07:00:00Z")),
        (422, entry("2025-05-05T07:00:00Z", "2025-05-05T06:00:00Z")),
        (422, entry("2025-05-05T07:00:00Z", "2025-05-06T07:00:01Z")),
        (422, entry("2999-05-05T07:00:00Z", "2999-05-05T08:00:00Z")),
        (422, entry("1969-05-05T07:00:00Z", "1969-05-05T08:00:00Z")),
        (
            422,
            json!({ "start": "2025-05-05T07:00:00Z", "end": "2025-05-05T08:00:00Z", "zone": "Europe/Nowhere" }),
        ),
        (
            422,
            json!({ "start": "2025-05-05T07:00:00Z", "end": "2025-05-05T08:00:00Z", "description": "x".repeat(1001) }),
        ),
        (
            422,
            json!({ "start": "2025-05-05T07:00:00Z", "end": "2025-05-05T08:00:00Z",
            "project_id": "7b7e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02" }),
        ),
    ];
    let tokens =
        (0..).zip(&contenders.programs).map(|(number, _)| contenders.ground.realm.token(WRITERS + number));
    let tokens: Vec<String> = tokens.collect::<Result<_>>()?;
    for (status, body) in cases {
        let answers =
            contenders.programs.iter().zip(&tokens).map(|(program, token)| {
                send(program, Some(token), "POST", "/api/v1/time-entries", Some(&body))
            });
        let ours = same(contenders, &format!("POST {body}"), answers.collect::<Result<_>>()?, without_own)?;
        ensure!(ours.status == status, "POST {body}: {} {}", ours.status, ours.text);
    }
    Ok(())
}

fn send(
    program: &Program,
    token: Option<&str>,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Answer> {
    let mut client = Client::plain(&program.url);
    if let Some(token) = token {
        client = client.with_token(token);
    }
    let headers =
        [("x-request-id", "same-answers"), ("traceparent", TRACE), ("content-type", "application/json")];
    let headers = if body.is_some() { &headers[..] } else { &headers[..2] };
    let body = body.map(Value::to_string).unwrap_or_default();
    client
        .try_send(method, path, headers, &body)
        .with_context(|| format!("{}: {method} {path}", program.name))
}

/// Gives ours, if the others are the same: status, media type, what counts of the body, and the headers that a caller
/// goes by.
fn same(
    contenders: &Contenders,
    what: &str,
    answers: Vec<Answer>,
    counts: fn(Value) -> Value,
) -> Result<Answer> {
    let told = |answer: &Answer| {
        // A charset means nothing to JSON (RFC 8259, 11).
        let media = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
        let location = answer.header("location").rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let headers = ["link", "www-authenticate", "x-request-id"].map(|name| answer.header(name).to_owned());
        (answer.status, media, location, headers, counts(answer.json()))
    };
    let mut answers = answers.into_iter();
    let ours = answers.next().context("none answers")?;
    for (program, answer) in contenders.programs.iter().skip(1).zip(answers) {
        let (ours, theirs) = (told(&ours), told(&answer));
        ensure!(ours == theirs, "{what}: {} answers\n  {theirs:?}\nand ours is\n  {ours:?}", program.name);
    }
    Ok(ours)
}

/// The log and the outbox of each writer.
async fn events(contenders: &Contenders) -> Result<()> {
    let database = contenders.ground.database.admin().await;
    let sql = "SELECT e.envelope, o.routing_key, o.body::jsonb = e.envelope, o.traceparent
        FROM tracking.events e LEFT JOIN tracking.outbox o ON o.event_id = e.id WHERE e.user_id = $1 ORDER BY e.user_seq";
    let mut all = Vec::new();
    for (number, _) in (0..).zip(&contenders.programs) {
        let rows = database.query(sql, &[&person(WRITERS + number)]).await?;
        let rows = rows.iter().map(|row| {
            let mut envelope: Value = row.get(0);
            for own in ["subject", "time"] {
                envelope[own].take();
            }
            // Names are the writer's own.
            let text = without_own(envelope).to_string().replace(&(WRITERS + number).to_string(), "…");
            (
                text,
                row.get::<_, Option<String>>(1),
                row.get::<_, Option<bool>>(2),
                row.get::<_, Option<String>>(3),
            )
        });
        all.push(rows.collect::<Vec<_>>());
    }
    // Who it is, and three entries.
    ensure!(
        all[0].len() == 4 && all[0].iter().all(|event| event.2 == Some(true)),
        "our events: {:?}",
        all[0]
    );
    for (program, theirs) in contenders.programs.iter().zip(&all) {
        ensure!(*theirs == all[0], "{} writes\n  {theirs:?}\nand ours is\n  {:?}", program.name, all[0]);
    }
    Ok(())
}

fn without_own(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().map(|(name, value)| match OWN.contains(&name.as_str()) {
                true if !value.is_null() => (name, "…".into()),
                _ => (name, without_own(value)),
            });
            kept.collect()
        }
        Value::Array(items) => items.into_iter().map(without_own).collect(),
        other => other,
    }
}
