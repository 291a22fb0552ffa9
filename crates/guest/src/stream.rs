//! An answer that goes on: the endpoint's stream, through Spin to the caller.

use std::time::Duration;

use api::sql::Database;
use api::{Outlet, Streaming};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::SinkExt as _;
use futures::channel::mpsc::Sender;
use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH,
};
use http::{Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use spin_sdk::http::{Request, body};

use crate::SpinDatabase;
use crate::caller::caller;
use crate::serve::{challenged, request_id, text};

type Body = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// Answer a request with the stream of `E`, or with a refusal.
pub async fn serve_stream<E: Streaming + 'static>(request: Request) -> Response<Body> {
    let (mut head, _) = request.into_parts();
    let request_id = request_id(&head.headers);
    if let Some(refusal) = api::not_offered::<E>(&head.method, &request_id) {
        return refusal.map(whole);
    }
    let (caller, expires_at) = match caller(text(&head.headers, &AUTHORIZATION), &request_id).await {
        Ok(known) => known,
        Err(refusal) => return challenged(refusal, &request_id).map(whole),
    };
    // A stream has no versions.
    head.headers.remove(IF_NONE_MATCH);
    let request = http::Request::from_parts(head, Vec::new());
    let db = SpinDatabase::new(&request_id);
    let opened = api::answer::<E>(&db, caller.clone(), request, Utc::now(), &request_id).await;
    if opened.status() != StatusCode::OK {
        return opened.map(whole);
    }
    let (mut head, opened) = opened.into_parts();
    head.headers.remove(CONTENT_LENGTH);
    head.headers.remove(ETAG);
    head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    head.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let (pieces, body) = body::stream::<String>();
    let token_ends = i64::try_from(expires_at).ok().and_then(|at| DateTime::from_timestamp(at, 0));
    let outlet = SpinOutlet { pieces, token_ends: token_ends.unwrap_or(DateTime::UNIX_EPOCH), request_id };
    // It goes on when this function has answered, and ends when nobody reads any more.
    spin_sdk::wasip3::spawn(async move { E::follow(outlet, caller, &opened).await });
    Response::from_parts(head, body.map_err(Into::into).boxed_unsync())
}

fn whole(body: Vec<u8>) -> Body {
    Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync()
}

/// The wire to one caller.
struct SpinOutlet {
    pieces: Sender<String>,
    token_ends: DateTime<Utc>,
    request_id: String,
}

impl Outlet for SpinOutlet {
    fn database(&self) -> impl Database {
        SpinDatabase::new(&self.request_id)
    }

    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn token_ends(&self) -> DateTime<Utc> {
        self.token_ends
    }

    async fn sleep(&self, time: Duration) {
        spin_sdk::time::sleep(time).await;
    }

    fn is_open(&self) -> bool {
        !self.pieces.is_closed()
    }

    async fn send(&mut self, piece: String) {
        // It fails only where nobody listens, which `is_open` tells.
        let _ = self.pieces.send(piece).await;
    }
}
