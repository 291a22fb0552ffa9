//! RFC 9457 problem details: the one way in which the API refuses.

use http::StatusCode;
use serde_json::{Map, Value, json};

/// Every kind of refusal. The names are part of the API: programs branch on `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemType {
    /// No bearer token, or one that was refused.
    Unauthenticated,
    /// The token is right, the role is missing.
    Forbidden,
    /// There is no such thing, or it is somebody else's.
    NotFound,
    /// The path is right, the method is not.
    MethodNotAllowed,
    /// The body is not JSON by its content type.
    UnsupportedMediaType,
    /// The body is longer than an endpoint reads.
    BodyTooLarge,
    /// The body is not JSON, or a parameter cannot be read.
    Malformed,
    /// A field breaks a rule.
    Invalid,
    /// The entry would overlap another one.
    Overlap,
    /// A timer runs already.
    TimerRunning,
    /// The entry was changed by somebody else meanwhile, again and again.
    Contended,
    /// A part of the system does not answer now.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl ProblemType {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated", "Log in first"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "Your role does not allow this"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is no such thing"),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "This method is not offered here")
            }
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "Send JSON")
            }
            Self::BodyTooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "The request is too large")
            }
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed", "The request cannot be read"),
            Self::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A field is not right"),
            Self::Overlap => (StatusCode::CONFLICT, "overlap", "The entry overlaps another one"),
            Self::TimerRunning => (StatusCode::CONFLICT, "timer-running", "A timer is running already"),
            Self::Contended => (StatusCode::CONFLICT, "contended", "The entry was changed at the same time"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Try again in a moment"),
            Self::Internal => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side")
            }
        }
    }

    /// The HTTP status of the kind.
    pub fn status(self) -> StatusCode {
        self.parts().0
    }

    /// The stable reference that programs branch on.
    pub fn reference(self) -> String {
        format!("/problems/{}", self.parts().1)
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

    /// Blame a field, by its path: `end`, `items[3].start`.
    pub fn field(mut self, path: impl Into<String>) -> Self {
        self.field = Some(path.into());
        self
    }

    /// Add a member of the kind's own.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// There is no such entry, or none that the caller may see: both read the same.
    pub fn not_found() -> Self {
        Self::new(ProblemType::NotFound, "Nothing of yours is at this address.")
    }

    /// The `application/problem+json` document.
    pub fn document(&self, request_id: &str) -> Value {
        let (status, _, title) = self.kind.parts();
        let mut document = json!({
            "type": self.kind.reference(),
            "title": title,
            "status": status.as_u16(),
            "detail": self.detail,
            "request_id": request_id,
        });
        if let Value::Object(members) = &mut document {
            if let Some(field) = &self.field {
                members.insert("field".to_owned(), field.as_str().into());
            }
            members.extend(self.extra.clone());
        }
        document
    }
}

impl From<domain::FieldsError> for Problem {
    fn from(error: domain::FieldsError) -> Self {
        Self::new(ProblemType::Invalid, error.to_string()).field(error.field())
    }
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
}
