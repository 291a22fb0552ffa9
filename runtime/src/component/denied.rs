//! What answers an import that a dependency was denied: its types are there, so that it links, but a call
//! traps, as with Spin.

use anyhow::{Result, bail};
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, ResourceType};
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
            let message = format!(
                "{interface}#{export} is denied to this dependency: name its capability in inherit_configuration"
            );
            match item.ty {
                ComponentItem::ComponentFunc(func) if func.async_() => {
                    defined.func_new_concurrent(export, move |_, _, _, _| {
                        let message = message.clone();
                        Box::pin(async move { wasmtime::bail!("{message}") })
                    })?;
                }
                ComponentItem::ComponentFunc(_) => {
                    defined.func_new(export, move |_, _, _, _| wasmtime::bail!("{message}"))?;
                }
                ComponentItem::Resource(_) => {
                    defined.resource(export, resource(interface, export), |_, _| Ok(()))?
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The type behind a resource that an interface takes from another, which stays granted.
fn resource(interface: &str, name: &str) -> ResourceType {
    match (interface.split('@').next().unwrap_or(interface), name) {
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
