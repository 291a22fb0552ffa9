//! RFC 9457 problem details: the one way in which the API refuses.

use http::StatusCode;
use serde_json::{Map, Value, json};

/// Makes the type and all that is told of each kind from one table.
macro_rules! problem_types {
    ($($variant:ident $status:ident $name:literal $title:literal $advice:literal)*) => {
        /// Every kind of refusal. The names are part of the API: programs branch on `type`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ProblemType {
            $(#[doc = $title] $variant,)*
        }

        impl ProblemType {
            /// All kinds, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            fn parts(self) -> (StatusCode, &'static str, &'static str, &'static str) {
                match self {
                    $(Self::$variant => (StatusCode::$status, $name, $title, $advice),)*
                }
            }
        }
    };
}

problem_types! {
    Malformed BAD_REQUEST "malformed" "The request cannot be read"
        "The body is no JSON, or a parameter of the address or a header is not of its form. `field` names it. Nothing was changed."
    Unauthenticated UNAUTHORIZED "unauthenticated" "Log in first"
        "Send an access token of the realm: `Authorization: Bearer …`. A token lives some minutes: refresh it, or log in again."
    Forbidden FORBIDDEN "forbidden" "Your role does not allow this"
        "The token is right, but its roles do not reach that far. docs/roles.md tells what each role may do; an administrator gives roles."
    NotFound NOT_FOUND "not-found" "There is no such thing"
        "Nothing is at this address, or it is somebody else's: both read the same."
    MethodNotAllowed METHOD_NOT_ALLOWED "method-not-allowed" "This method is not offered here"
        "The address is right, the method is not. `Allow` lists those that are offered."
    Overlap CONFLICT "overlap" "The entry overlaps another one"
        "A person's entries never share time. `conflict` is the other entry; `possible_end`, where there is one, is the latest end that fits before it, `possible_start` the earliest start after it. A timer that another entry covers can get that start, or be discarded."
    TimerRunning CONFLICT "timer-running" "A timer is running already"
        "A person has one running entry at most. `conflict` is the one that runs: stop it first, or switch."
    NoTimer CONFLICT "no-timer" "No timer is running"
        "There is nothing to stop or to discard: start one first."
    Locked CONFLICT "locked" "This time is settled"
        "An administrator has locked the time before `locked_before`: entries that begin there are neither made, changed nor deleted. A timer that ran when the lock was set can still be changed, ended and discarded; it must not begin earlier. For anything else, ask an administrator to move the lock."
    NameTaken CONFLICT "name-taken" "The name is in use"
        "Names are unique among those that are not archived, whatever their case, and however their accents and spaces are encoded. Take another name, or archive the other one."
    InUse CONFLICT "in-use" "It is in use"
        "Entries or other items name it, so it cannot be deleted. Archive it instead: it is then no longer offered, and history stays as it is."
    NotDeleted CONFLICT "not-deleted" "The entry is not deleted"
        "Only a deleted entry can be restored."
    DemoExists CONFLICT "demo-exists" "The demo data is there already"
        "Remove it before you fill the system again."
    Contended CONFLICT "contended" "It was changed at the same time"
        "Others change the same thing again and again. Read it once more, then try again."
    Stale PRECONDITION_FAILED "stale" "It has changed meanwhile"
        "What you read is no longer the latest: `If-Match` names an older version. Read it again, then decide."
    BodyTooLarge PAYLOAD_TOO_LARGE "body-too-large" "The request is too large"
        "A request has a bounded size. Send less at a time."
    UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE "unsupported-media-type" "Send JSON"
        "Bodies are JSON, as they are: `Content-Type: application/json`, and no `Content-Encoding`."
    Invalid UNPROCESSABLE_ENTITY "invalid" "A field is not right"
        "`field` names the one to blame, `detail` says what it must be. Nothing was changed."
    ZeroLength UNPROCESSABLE_ENTITY "zero-length" "An entry has a length"
        "An entry ends at least one second after it starts. Discard a timer that you started by mistake."
    TooLong UNPROCESSABLE_ENTITY "too-long" "An entry is at most one day long"
        "A day has 24 hours, or 25 where the clocks of the entry's zone go back. Longer entries are most often forgotten timers: end it when you really stopped (`latest_end` is the latest possible), and split work over several entries."
    InTheFuture UNPROCESSABLE_ENTITY "in-the-future" "Time is tracked when it has passed"
        "Start and end lie in the past, by our clock; a minute is allowed for clocks that differ."
    UnknownName UNPROCESSABLE_ENTITY "unknown-name" "No such project, client, task or tag"
        "The id in `field` names nothing that lives, something of another kind, or a task of another project."
    Archived UNPROCESSABLE_ENTITY "archived" "It is archived"
        "An archived item is kept for history and not used for new time. Take another one, or bring it back first."
    KeyReused UNPROCESSABLE_ENTITY "key-reused" "The idempotency key was used for another request"
        "A repeat must be the very same request. Make a new key for each new one."
    BulkRefused UNPROCESSABLE_ENTITY "bulk-refused" "Some items are not right, so none was written"
        "`items` lists each bad item with its index and its own problem. Correct them, then send all again."
    TooManyGroups UNPROCESSABLE_ENTITY "too-many-groups" "The report would be too long"
        "A report has a bounded number of groups. Narrow it: a shorter time, a filter, or fewer things to group by."
    TooManyRows UNPROCESSABLE_ENTITY "too-many-rows" "Too many rows for this format"
        "Spreadsheets and PDF take 20,000 rows at most. Narrow the report, or take `format=csv`, which has no such bound."
    PreconditionRequired PRECONDITION_REQUIRED "precondition-required" "Say which version you have seen"
        "Changes need `If-Match` with the `ETag` of what you read, so that nobody's change is lost. `If-Match: *` means whatever is there."
    TooManyRequests TOO_MANY_REQUESTS "too-many-requests" "Too many requests"
        "Requests are bounded per person, address and second, and streams per person. Wait as long as `Retry-After` says, then try again."
    Internal INTERNAL_SERVER_ERROR "internal" "Something went wrong on our side"
        "The fault is ours. Nothing was changed; the request id helps to find why."
    Unavailable SERVICE_UNAVAILABLE "unavailable" "Try again in a moment"
        "A part of the system does not answer now. `Retry-After` says when to try again; send a write with the same `Idempotency-Key`, for it may have been done."
}

impl ProblemType {
    /// The HTTP status of the kind.
    pub fn status(self) -> StatusCode {
        self.parts().0
    }

    /// Its name: the last part of the reference.
    pub fn name(self) -> &'static str {
        self.parts().1
    }

    /// What it is, in one line.
    pub fn title(self) -> &'static str {
        self.parts().2
    }

    /// What it means and what to do.
    pub fn advice(self) -> &'static str {
        self.parts().3
    }

    /// The stable reference that programs branch on; a page of the documentation is there.
    pub fn reference(self) -> String {
        format!("/problems/{}", self.name())
    }

    /// The kind that a write function of the database names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// One refusal.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Its kind.
    pub kind: ProblemType,
    detail: String,
    field: Option<String>,
    extra: Map<String, Value>,
}

impl Problem {
    /// A refusal of a kind; `detail` is read by people and says what to do.
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), field: None, extra: Map::new() }
    }

    /// The same, for something of which this was a part: its fields are below `path`.
    pub fn below(mut self, path: &str) -> Self {
        self.field = self.field.map(|field| format!("{path}.{field}"));
        self
    }

    /// Blame a field, by its path: `end`, `items[3].start`.
    pub fn field(mut self, path: impl Into<String>) -> Self {
        self.field = Some(path.into());
        self
    }

    /// Whether it blames this field.
    pub fn blames(&self, path: &str) -> bool {
        self.field.as_deref() == Some(path)
    }

    /// Add a member of the kind's own.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// There is no such entry, or none that the caller may see: both read the same.
    pub fn not_found() -> Self {
        ProblemType::NotFound.into()
    }

    /// What the problem tells, without the request that it belongs to.
    pub fn members(&self) -> Value {
        let mut members = json!({
            "type": self.kind.reference(),
            "title": self.kind.title(),
            "status": self.kind.status().as_u16(),
            "detail": self.detail,
        });
        if let Value::Object(members) = &mut members {
            if let Some(field) = &self.field {
                members.insert("field".to_owned(), field.as_str().into());
            }
            members.extend(self.extra.clone());
        }
        members
    }

    /// The `application/problem+json` document.
    pub fn document(&self, request_id: &str) -> Value {
        let mut document = self.members();
        document["request_id"] = request_id.into();
        document
    }
}

/// A refusal that needs no words of its own.
impl From<ProblemType> for Problem {
    fn from(kind: ProblemType) -> Self {
        Self::new(kind, kind.advice())
    }
}

impl From<domain::FieldsError> for Problem {
    fn from(error: domain::FieldsError) -> Self {
        use domain::FieldsError;
        let kind = match error {
            FieldsError::ZeroLength => ProblemType::ZeroLength,
            FieldsError::TooLong { .. } => ProblemType::TooLong,
            FieldsError::InTheFuture(_) => ProblemType::InTheFuture,
            _ => ProblemType::Invalid,
        };
        let problem = Self::new(kind, format!("{}.", capitalised(&error.to_string()))).field(error.field());
        match error {
            FieldsError::TooLong { latest_end } => {
                problem.with("latest_end", latest_end.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
            }
            _ => problem,
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_kind_field_and_request() {
        let problem = Problem::new(ProblemType::Overlap, "It overlaps.").field("start").with("conflict", "x");
        assert_eq!(
            problem.document("r1"),
            json!({
                "type": "/problems/overlap", "title": "The entry overlaps another one", "status": 409,
                "detail": "It overlaps.", "request_id": "r1", "field": "start", "conflict": "x",
            })
        );
    }

    #[test]
    fn names_are_unique_and_found_again() {
        for kind in ProblemType::ALL {
            assert_eq!(ProblemType::from_name(kind.name()), Some(*kind));
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
        }
        assert_eq!(ProblemType::from_name("dry-run"), None);
    }
}
