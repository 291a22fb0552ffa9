//! Writes: one call of a service's door (`tracking.write`, `reporting_app.write`: migrations/functions), which keeps
//! idempotency, the owner's lock and the rules between rows. Here is what a use case needs around it.

use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::etag::IfMatch;
use crate::sql::{Database, Error};
use crate::{Call, Problem, ProblemType, TraceParent};

/// The functions that a service writes by. All doors have one contract.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    write: &'static str,
    replay: &'static str,
}

/// Of time entries and what belongs to them.
const TRACKING: Door = Door {
    write: "SELECT tracking.write($1::jsonb, $2::text, $3::jsonb)",
    replay: "SELECT tracking.replay($1::jsonb)",
};

/// Of what people keep beside the read model.
pub const REPORTING_APP: Door = Door {
    write: "SELECT reporting_app.write($1::jsonb, $2::text, $3::jsonb)",
    replay: "SELECT reporting_app.replay($1::jsonb)",
};

/// How often a write is prepared again when somebody else's came between reading and writing.
const TRIES: usize = 8;

/// What was done, and whether it was done by an earlier request with the same idempotency key.
#[derive(Debug, Clone, PartialEq)]
pub struct Done<T> {
    /// What the command answers.
    pub value: T,
    /// Whether this is the stored answer.
    pub replayed: bool,
}

impl Door {
    /// Run `command` with the arguments that `prepare` makes of what it reads. A repeat of a request that was done is
    /// answered from the store, without preparing. Where the state moved on meanwhile, it is prepared again, unless
    /// the call names the version it is meant for.
    ///
    /// # Errors
    /// What `prepare` refuses, and the refusals of the command.
    pub async fn write<T: DeserializeOwned>(
        &self,
        db: &impl Database,
        call: &Call,
        command: &str,
        prepare: impl AsyncFn() -> Result<Json, Problem>,
    ) -> Result<Done<T>, Problem> {
        let who = who(call);
        if call.key.is_some() {
            let known: Option<Json> = single(db, self.replay, vec![who.clone().into()]).await?;
            if let Some(known) = known {
                return done(known);
            }
        }
        for _ in 0..TRIES {
            let arguments = prepare().await?;
            let parameters = vec![who.clone().into(), command.into(), arguments.into()];
            let answer: Json = single(db, self.write, parameters).await?;
            match done(answer) {
                // What was there a moment ago is gone: `prepare` says how that reads here.
                Err(problem) if problem.kind == ProblemType::NotFound => {}
                Err(problem) if problem.kind == ProblemType::Stale && !names_version(call) => {}
                other => return other,
            }
        }
        Err(ProblemType::Contended.into())
    }
}

/// [`Door::write`] of time entries and what belongs to them.
///
/// # Errors
/// What `prepare` refuses, and the refusals of the command.
pub async fn write<T: DeserializeOwned>(
    db: &impl Database,
    call: &Call,
    command: &str,
    prepare: impl AsyncFn() -> Result<Json, Problem>,
) -> Result<Done<T>, Problem> {
    TRACKING.write(db, call, command, prepare).await
}

/// Check that a change is meant for the version `tag`.
///
/// # Errors
/// `stale`.
pub fn expect(call: &Call, tag: impl std::fmt::Display) -> Result<(), Problem> {
    match &call.if_match {
        Some(wanted) if !wanted.allows(&tag.to_string()) => Err(ProblemType::Stale.into()),
        _ => Ok(()),
    }
}

fn names_version(call: &Call) -> bool {
    matches!(call.if_match, Some(IfMatch::Tags(_)))
}

fn who(call: &Call) -> Json {
    let trace = call.trace.clone().unwrap_or_else(TraceParent::begin);
    json!({
        "user": call.caller.id,
        "username": call.caller.username,
        "name": call.caller.name,
        "roles": call.caller.roles,
        "traceparent": trace.as_str(),
        "key": call.key.as_ref().map(|key| &key.key),
        "fingerprint": call.key.as_ref().map(|key| &key.fingerprint),
    })
}

async fn single<T: DeserializeOwned>(
    db: &impl Database,
    statement: &'static str,
    parameters: Vec<crate::sql::Value>,
) -> Result<T, Error> {
    let rows = db.query(statement, parameters).await?;
    rows.first().ok_or_else(|| Error::Fault("the function answered nothing".to_owned()))?.read(0)
}

/// `{"done": …, "replayed"?}` or `{"refused": kind, "field"?, …}`
fn done<T: DeserializeOwned>(mut answer: Json) -> Result<Done<T>, Problem> {
    if answer.get("refused").is_some() {
        return Err(refusal(answer));
    }
    let replayed = answer.get("replayed").is_some();
    let value = serde_json::from_value(answer["done"].take())
        .map_err(|error| Error::Fault(format!("the command answers something else: {error}")))?;
    Ok(Done { value, replayed })
}

/// The problem that a command names, with its members.
pub fn refusal(answer: Json) -> Problem {
    let Json::Object(mut members) = answer else { return ProblemType::Internal.into() };
    let name = members.remove("refused");
    let Some(kind) = name.as_ref().and_then(Json::as_str).and_then(ProblemType::from_name) else {
        return ProblemType::Internal.into();
    };
    let mut problem = Problem::from(kind);
    for (name, value) in members {
        problem = match (name.as_str(), value) {
            ("field", Json::String(field)) => problem.field(field),
            (name, value) => problem.with(name, value),
        };
    }
    problem
}

impl<T: serde::Serialize> Done<T> {
    /// Answer the value.
    ///
    /// # Errors
    /// An internal problem where it has no JSON form.
    pub fn reply(&self, status: http::StatusCode) -> Result<crate::Reply, Problem> {
        Ok(self.marked(crate::Reply::json(status, &self.value)?))
    }
}

impl<T> Done<T> {
    /// Tell a stored answer from a new one.
    pub fn marked(&self, reply: crate::Reply) -> crate::Reply {
        match self.replayed {
            true => reply.header(http::HeaderName::from_static("idempotency-replayed"), "true"),
            false => reply,
        }
    }
}
