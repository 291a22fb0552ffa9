//! What answers an import that a dependency was denied, with Spin's words: an empty environment, no folders,
//! an error from whatever opens something. What cannot be reached without having opened something traps.

use anyhow::{Result, bail};
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, ResourceType, Val};
use wasmtime_wasi::p2::bindings::filesystem::types::Descriptor;
use wasmtime_wasi_http::p2::bindings::http::types as http2;
use wasmtime_wasi_http::p3::bindings::http::types as http3;

use super::compose::DENIED;

/// Define all denied imports of `component`.
///
/// # Errors
/// A denied import that is no interface.
pub fn define<T: Send + 'static>(
    linker: &mut Linker<T>,
    engine: &Engine,
    component: &Component,
) -> Result<()> {
    for (name, item) in component.component_type().imports(engine) {
        let Some(interface) = name.strip_prefix(DENIED) else { continue };
        let ComponentItem::ComponentInstance(instance) = &item.ty else {
            bail!("{interface}: only interfaces can be denied to a dependency");
        };
        let mut defined = linker.instance(name)?;
        for (export, item) in instance.exports(engine) {
            let path = interface.split('@').next().unwrap_or(interface).to_owned();
            let function = export.to_owned();
            let resource = resource(&path, export);
            let message = format!(
                "{interface}#{export} is denied to this dependency: name its capability in inherit_configuration"
            );
            let respond = move |arguments: &[Val], results: &mut [Val]| match (
                answer(&path, &function, arguments),
                results,
            ) {
                (Some(answer), [result]) => {
                    tracing::debug!("{message}");
                    *result = answer;
                    Ok(())
                }
                _ => Err(wasmtime::Error::msg(message.clone())),
            };
            match item.ty {
                ComponentItem::ComponentFunc(func) if func.async_() => {
                    defined.func_new_concurrent(export, move |_, _, arguments, results| {
                        let answered = respond(arguments, results);
                        Box::pin(async move { answered })
                    })?;
                }
                ComponentItem::ComponentFunc(_) => {
                    defined.func_new(export, move |_, _, arguments, results| respond(arguments, results))?;
                }
                ComponentItem::Resource(_) => defined.resource(export, resource, |_, _| Ok(()))?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// What a call of a denied function gives, where it can be told without an object of the interface.
fn answer(interface: &str, function: &str, arguments: &[Val]) -> Option<Val> {
    let failure = |case: &str, value: Option<Val>| {
        Val::Result(Err(Some(Box::new(Val::Variant(case.to_owned(), value.map(Box::new))))))
    };
    let text = || Val::String(format!("{interface:?} is not permitted"));
    Some(match (interface, function) {
        ("wasi:cli/environment", "get-environment" | "get-arguments") => Val::List(Vec::new()),
        ("wasi:cli/environment", "initial-cwd" | "get-initial-cwd") => Val::Option(None),
        ("wasi:filesystem/preopens", "get-directories") => Val::List(Vec::new()),
        ("spin:variables/variables", "get") => failure("undefined", arguments.first().cloned()),
        ("spin:key-value/key-value", "[static]store.open") => failure("access-denied", None),
        (
            "spin:postgres/postgres",
            "[static]connection.open"
            | "[static]connection.open-async"
            | "[method]connection-builder.build"
            | "[method]connection-builder.build-async",
        ) => failure("other", Some(text())),
        ("wasi:http/client", "send") | ("wasi:http/outgoing-handler", "handle") => {
            failure("internal-error", Some(Val::Option(Some(Box::new(text())))))
        }
        _ => return None,
    })
}

/// The type behind a resource that an interface takes from another, which stays granted.
fn resource(interface: &str, name: &str) -> ResourceType {
    match (interface, name) {
        ("wasi:http/client", "request") => ResourceType::host::<http3::Request>(),
        ("wasi:http/client", "response") => ResourceType::host::<http3::Response>(),
        ("wasi:http/outgoing-handler", "outgoing-request") => ResourceType::host::<http2::OutgoingRequest>(),
        ("wasi:http/outgoing-handler", "request-options") => ResourceType::host::<http2::RequestOptions>(),
        ("wasi:http/outgoing-handler", "future-incoming-response") => {
            ResourceType::host::<http2::FutureIncomingResponse>()
        }
        ("wasi:filesystem/preopens", "descriptor") => ResourceType::host::<Descriptor>(),
        // The interface's own: nothing can ever make one.
        _ => ResourceType::host::<()>(),
    }
}
