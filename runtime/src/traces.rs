//! OpenTelemetry: a span for each request of a component, sent by OTLP over HTTP. The component finds the span's
//! `traceparent` among its headers, so that what it hands on (events, requests of its own) belongs to it.

use anyhow::{Context as _, Result};
use http::{HeaderMap, Method, StatusCode};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use crate::routes::Matched;

/// Makes spans and sends them in the background.
#[derive(Debug, Clone)]
pub struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

/// A request that is being answered.
pub struct Answering(Context);

impl Traces {
    /// As OpenTelemetry's environment variables say (`OTEL_EXPORTER_OTLP_…`, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`).
    /// Nothing is made or sent where no address is among them.
    ///
    /// # Errors
    /// They say what cannot be.
    pub fn from_environment() -> Result<Option<Self>> {
        let addresses = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
        if addresses.iter().all(|name| std::env::var_os(name).is_none()) {
            return Ok(None);
        }
        let exporter = SpanExporter::builder().with_http().build().context("OTEL_EXPORTER_OTLP_…")?;
        let resource = Resource::builder();
        let resource = match std::env::var_os("OTEL_SERVICE_NAME") {
            Some(_) => resource,
            None => resource.with_service_name("runtime"),
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        Ok(Some(Self { tracer: provider.tracer("runtime"), provider }))
    }

    /// A request is handed to a component. Its headers name the span from now on.
    pub fn begin(&self, matched: &Matched, method: &Method, headers: &mut HeaderMap) -> Answering {
        let propagator = TraceContextPropagator::new();
        let parent = propagator.extract_with_context(&Context::new(), &HeaderExtractor(headers));
        let span = self
            .tracer
            .span_builder(format!("{method} {}", matched.route()))
            .with_kind(SpanKind::Server)
            .with_attributes([
                KeyValue::new("http.request.method", method.to_string()),
                KeyValue::new("http.route", matched.route().to_owned()),
                KeyValue::new("spin.component", matched.component.clone()),
            ])
            .start_with_context(&self.tracer, &parent);
        let context = parent.with_span(span);
        propagator.inject_context(&context, &mut HeaderInjector(headers));
        Answering(context)
    }

    /// Send what is left. Waits for the receiver, for some seconds at most.
    pub fn end(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!("the last spans were not sent: {error}");
        }
    }
}

impl Answering {
    /// The answer's head is ready.
    pub fn answered(self, status: StatusCode) {
        let span = self.0.span();
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
        if status.is_server_error() {
            span.set_status(Status::error(""));
        }
        span.end();
    }
}
