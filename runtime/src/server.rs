//! The HTTP server in front of the components.

mod body;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use wasmtime_wasi_http::handler::{InstantiationError, TrapOrPanicError};
use wasmtime_wasi_http::{Error, WasiBody};

use self::body::Drained;
use crate::app::{App, millis};
use crate::instance::one_line;
use crate::routes::{Matched, RESERVED, absolute};
use crate::serving::Serving;

/// How long requests in flight may take to finish after a stop is asked for.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// A client must send a request's headers within this time.
const HEADER_LIMIT: Duration = Duration::from_secs(30);

/// Serve `app` on `listener` until `stop` resolves, then finish what is in flight.
///
/// # Errors
/// The listener broke.
pub async fn serve(app: Arc<App>, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<()> {
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, client)) => serve_connection(&app, &graceful, stream, client),
                Err(error) => {
                    // Out of file descriptors, most likely: wait for some to be closed.
                    tracing::warn!("can't accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    app.end_streams();
    let finished = tokio::time::timeout(STOP_LIMIT, graceful.shutdown()).await;
    app.stopping();
    finished.with_context(|| format!("requests were still in flight after {} s", STOP_LIMIT.as_secs()))
}

fn serve_connection(app: &Arc<App>, graceful: &GracefulShutdown, stream: TcpStream, client: SocketAddr) {
    // An answer's last chunk must not wait for the client's delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("TCP_NODELAY: {error}");
    }
    let app = Arc::clone(app);
    let service = service_fn(move |request: Request<Incoming>| {
        let app = Arc::clone(&app);
        let request = request.map(Drained::from);
        async move { Ok::<_, std::convert::Infallible>(respond(&app, request, client).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_LIMIT)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!("connection from {client}: {error}");
        }
    });
}

async fn respond(app: &App, mut request: Request<Drained>, client: SocketAddr) -> Response<WasiBody> {
    let start = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let serving = app.serving();
    let matched = match path.strip_prefix(RESERVED) {
        Some(_) => None,
        None => serving.routes.find(&path),
    };
    let response = match (&matched, path.strip_prefix(RESERVED)) {
        (_, Some("health")) => text(StatusCode::OK, "OK"),
        (_, Some("reload")) => text(StatusCode::OK, &app.failures.page()),
        (None, _) => text(StatusCode::NOT_FOUND, ""),
        (Some(matched), _) => {
            let traces = app.traces.as_ref();
            let span = traces.map(|traces| traces.begin(matched, &method, request.headers_mut()));
            let mut response = answer(&serving, matched, request, client).await;
            if let Some(span) = span {
                span.answered(response.status());
            }
            if let Some(served) = serving.component(&matched.component) {
                served.metrics.answered(response.status(), start);
            }
            if app.failures.concern(&serving.loader.manifest, &matched.component) {
                response
                    .headers_mut()
                    .insert("x-reload-failed", HeaderValue::from_static("see /.well-known/spin/reload"));
            }
            response
        }
    };
    // Not the path: it may carry a secret.
    tracing::debug!(
        target: "access",
        %method,
        route = matched.as_ref().map(Matched::route),
        status = response.status().as_u16(),
        ms = millis(start.elapsed()),
    );
    response
}

async fn answer(
    serving: &Serving,
    matched: &Matched,
    mut request: Request<Drained>,
    client: SocketAddr,
) -> Response<WasiBody> {
    let prepared = absolute(request.uri(), request.headers()).and_then(|uri| {
        *request.uri_mut() = uri.clone();
        matched.put_headers(request.headers_mut(), &uri, client)
    });
    if let Err(error) = prepared {
        return text(StatusCode::BAD_REQUEST, &error.to_string());
    }
    let component = &matched.component;
    let Some(served) = serving.component(component) else {
        tracing::error!(component, "routed to a component that is not loaded");
        return text(StatusCode::INTERNAL_SERVER_ERROR, "internal error");
    };
    let Some(inside) = served.gate.enter() else {
        served.metrics.refused();
        return busy("too many requests are in flight");
    };
    let request = request.map(|body| body.map_err(Error::from).boxed_unsync());
    let turn = served.gate.turn().await;
    let answered = served.handler.handle((), request).await;
    drop(turn);
    match answered {
        Ok(response) => {
            let of_events = response
                .headers()
                .get(CONTENT_TYPE)
                .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
            let over = of_events.then(|| served.over.clone().cancelled_owned());
            response.map(|body| body::in_flight(body, inside, over))
        }
        Err(error) if error.is::<TrapOrPanicError>() => {
            // The instance's end was logged with its cause; this is one of its requests.
            text(StatusCode::INTERNAL_SERVER_ERROR, "the component failed")
        }
        Err(error) if error.is::<InstantiationError<()>>() => {
            tracing::error!(component, "no instance could be made: {}", one_line(&error));
            busy("no instance of the component could be made")
        }
        Err(error) => {
            tracing::error!(component, "the handler returned an error: {}", one_line(&error));
            text(StatusCode::INTERNAL_SERVER_ERROR, "the component failed")
        }
    }
}

/// It may go well a moment later.
fn busy(reason: &str) -> Response<WasiBody> {
    let mut response = text(StatusCode::SERVICE_UNAVAILABLE, reason);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn text(status: StatusCode, text: &str) -> Response<WasiBody> {
    let body = Full::new(Bytes::copy_from_slice(text.as_bytes())).map_err(Error::from).boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}
