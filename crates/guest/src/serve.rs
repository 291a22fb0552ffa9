//! One request, from Spin to the endpoint and back. What every endpoint does alike is done here, so that
//! an endpoint is its use cases only.

use api::{Call, Endpoint, Problem, ProblemType, TraceParent};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use spin_sdk::http::Request;
use uuid::Uuid;

use crate::SpinDatabase;
use crate::caller::caller;
use crate::respond::{self, REQUEST_ID};

/// The longest body that is read, in bytes. Traefik has its own bound before it.
const MAX_BODY: usize = 64 * 1024;
const MATCHED_ID: HeaderName = HeaderName::from_static("spin-path-match-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Answer a request with endpoint `E` over the ports that `ports` makes of the database.
pub async fn serve<E, P>(request: Request, ports: impl FnOnce(SpinDatabase) -> P) -> Response<Full<Bytes>>
where
    E: Endpoint<P>,
{
    let (head, body) = request.into_parts();
    let request_id = request_id(&head.headers);
    if !E::METHODS.contains(&head.method) {
        return respond::method_not_allowed(E::METHODS, &request_id);
    }
    let caller = match caller(text(&head.headers, &AUTHORIZATION), E::ROLE, &request_id).await {
        Ok(caller) => caller,
        Err((problem, challenge)) => return respond::problem(&problem, challenge, &request_id),
    };
    let body = match read(&head.headers, body).await {
        Ok(body) => body,
        Err(problem) => return respond::problem(&problem, None, &request_id),
    };
    let call = Call {
        method: head.method,
        id: text(&head.headers, &MATCHED_ID).unwrap_or_default(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        body,
        caller,
        trace: text(&head.headers, &TRACEPARENT)
            .and_then(|header| TraceParent::parse(&header))
            .unwrap_or_else(TraceParent::begin),
    };
    match E::answer(&ports(SpinDatabase::new(&request_id)), call).await {
        Ok(reply) => respond::reply(reply, &request_id),
        Err(problem) => respond::problem(&problem, None, &request_id),
    }
}

/// The gateway's or the client's id if it is a sane one, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let sane = |id: &String| {
        (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text(headers, &REQUEST_ID).filter(sane).unwrap_or_else(|| Uuid::new_v4().to_string())
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The body, in whole; its content type must be JSON where there is one.
async fn read<B>(headers: &HeaderMap, body: B) -> Result<Vec<u8>, Problem>
where
    B: http_body_util::BodyExt<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let too_large = || Problem::new(ProblemType::BodyTooLarge, format!("At most {MAX_BODY} bytes."));
    let announced = text(headers, &CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        return Err(too_large());
    }
    let body =
        Limited::new(body, MAX_BODY).collect().await.map_err(|error| match error
            .is::<http_body_util::LengthLimitError>(
        ) {
            true => too_large(),
            false => Problem::new(ProblemType::Malformed, "The body did not arrive whole."),
        })?;
    let body = body.to_bytes().to_vec();
    if !body.is_empty() && !is_json(&text(headers, &CONTENT_TYPE).unwrap_or_default()) {
        let detail = "The body must be JSON: `Content-Type: application/json`.";
        return Err(Problem::new(ProblemType::UnsupportedMediaType, detail));
    }
    Ok(body)
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.eq_ignore_ascii_case("application/merge-patch+json")
}
