//! An answer that goes on: the endpoint's stream, through Spin to the caller.

use std::time::Duration;

use api::sql::Database;
use api::{Outlet, Streaming, request_id};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::channel::mpsc::{Sender, channel};
use futures::{SinkExt as _, StreamExt as _};
use http::Response;
use http::header::AUTHORIZATION;
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use spin_sdk::http::Request;

use crate::SpinDatabase;
use crate::caller::caller;
use crate::serve::{challenged, text};

type BoxedError = Box<dyn std::error::Error + Send + Sync>;
type Body = UnsyncBoxBody<Bytes, BoxedError>;

/// Answer a request with the stream of `E`, or in whole.
pub async fn serve_stream<E: Streaming + 'static>(request: Request) -> Response<Body> {
    let (mut head, _) = request.into_parts();
    let is_head = api::head_as_get::<E>(&mut head.method);
    let request_id = request_id(&head.headers);
    if let Some(refusal) = api::not_offered::<E>(&head.method, &request_id) {
        return refusal.map(whole);
    }
    let (caller, expires_at) = match caller(text(&head.headers, &AUTHORIZATION), &request_id).await {
        Ok(known) => known,
        Err(refusal) => return challenged(refusal, &request_id).map(whole),
    };
    let request = http::Request::from_parts(head, Vec::new());
    let db = SpinDatabase::new(&request_id);
    let opened = api::answer::<E>(&db, caller.clone(), request, Utc::now(), &request_id).await;
    if opened.extensions().get::<api::Opened>().is_none() {
        return opened.map(whole);
    }
    if is_head {
        return opened.map(|_| whole(Vec::new()));
    }
    let (head, opened) = opened.into_parts();
    let (pieces, body) = channel(1);
    let body = StreamBody::new(
        body.map(|piece: Result<String, BoxedError>| piece.map(|text| Frame::data(Bytes::from(text)))),
    );
    let token_ends = i64::try_from(expires_at).ok().and_then(|at| DateTime::from_timestamp(at, 0));
    let outlet = SpinOutlet { pieces, token_ends: token_ends.unwrap_or(DateTime::UNIX_EPOCH), request_id };
    // It goes on when this function has answered, and ends when nobody reads any more.
    spin_sdk::wasip3::spawn(async move { E::follow(outlet, caller, &opened).await });
    Response::from_parts(head, body.boxed_unsync())
}

fn whole(body: Vec<u8>) -> Body {
    Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync()
}

/// The wire to one caller.
struct SpinOutlet {
    pieces: Sender<Result<String, BoxedError>>,
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
        let _ = self.pieces.send(Ok(piece)).await;
    }

    async fn fail(&mut self) {
        let _ = self.pieces.send(Err("the stream broke off".into())).await;
    }
}
