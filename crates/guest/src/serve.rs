//! One request, from Spin to the endpoint and back: what needs Spin. What all endpoints share beside that is in
//! `api::answer`.

use api::{Caller, Endpoint, MAX_BODY, Problem, ProblemType, refused, request_id};
use bytes::Bytes;
use chrono::Utc;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::wasip3::http::types::{self, ErrorCode, HeaderError};
use spin_sdk::wasip3::http_compat::BodyWriter;
use spin_sdk::wasip3::spawn;

use crate::SpinDatabase;
use crate::caller::{Refusal, caller, person};
use crate::turns::asked_twice;

/// Answer a request with endpoint `E`.
pub async fn serve<E: Endpoint>(request: Request) -> impl IntoResponse {
    Whole(answer::<E>(request).await)
}

/// An answer whose body is known, so that the host can be given it together with the head.
struct Whole(Response<Vec<u8>>);

impl IntoResponse for Whole {
    fn into_response(self) -> Result<types::Response, ErrorCode> {
        let (head, body) = self.0.into_parts();
        let refused = |error: HeaderError| ErrorCode::InternalError(Some(error.to_string()));
        let headers = head.headers.try_into().map_err(refused)?;
        let (writer, contents, trailers) = BodyWriter::new();
        let (response, _) = types::Response::new(headers, Some(contents), trailers);
        let status = response.set_status_code(head.status.as_u16());
        status.map_err(|()| ErrorCode::InternalError(Some(format!("no status: {}", head.status))))?;
        spawn(async move {
            // It fails only where the caller is gone.
            _ = asked_twice(writer.send_http_body(&mut Full::new(Bytes::from(body)))).await;
        });
        Ok(response)
    }
}

async fn answer<E: Endpoint>(request: Request) -> Response<Vec<u8>> {
    let (mut head, body) = request.into_parts();
    api::head_as_get::<E>(&mut head.method);
    let request_id = request_id(&head.headers);
    if let Some(refusal) = api::not_offered::<E>(&head.method, &request_id) {
        return refusal;
    }
    let caller = match api::needs_no_login::<E>(&head.method) {
        true => match link_owner::<E>(&head.headers, &request_id).await {
            Ok(caller) => caller,
            Err(problem) => return refused(&problem, &request_id),
        },
        false => match caller(text(&head.headers, &AUTHORIZATION), &request_id).await {
            Ok((caller, _)) => caller,
            Err(refusal) => return challenged(refusal, &request_id),
        },
    };
    // A GET's body means nothing (RFC 9110, 9.3.1), and that there is none is only known after waiting for its end.
    let body = match head.method {
        Method::GET => Vec::new(),
        _ => match read(&head.headers, body).await {
            Ok(body) => body,
            Err(problem) => return refused(&problem, &request_id),
        },
    };
    let request = http::Request::from_parts(head, body);
    api::answer::<E>(&SpinDatabase::new(&request_id), caller, request, Utc::now(), &request_id).await
}

/// Who made the link that is opened, with the roles that they have now. A link ends with its owner.
async fn link_owner<E: Endpoint>(headers: &HeaderMap, request_id: &str) -> Result<Caller, Problem> {
    let secret = api::path_match::<E>().and_then(|name| text(headers, &name)).unwrap_or_default();
    let owner = E::link_owner(&SpinDatabase::new(request_id), secret, Utc::now()).await?;
    person(owner, request_id).await?.ok_or_else(Problem::not_found)
}

/// A refused login, with what `WWW-Authenticate` says (RFC 6750, 3).
pub(crate) fn challenged(Refusal { problem, challenge }: Refusal, request_id: &str) -> Response<Vec<u8>> {
    let mut response = refused(&problem, request_id);
    if let Some(value) = challenge {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(value));
    }
    response
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The body, in whole.
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
    let whole = asked_twice(Limited::new(body, MAX_BODY).collect()).await;
    let whole = whole.map_err(|error| match error.is::<http_body_util::LengthLimitError>() {
        true => too_large(),
        false => Problem::new(ProblemType::Malformed, "The body did not arrive whole."),
    })?;
    Ok(whole.to_bytes().to_vec())
}
