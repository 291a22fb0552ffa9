//! The only crate that touches `spin_sdk`: HTTP glue and PostgreSQL ports.

#[allow(missing_docs, unsafe_code)]
mod wit {
    spin_sdk::wit_bindgen::generate!({
        path: "../../wit",
        world: "consumer",
        runtime_path: "spin_sdk::wit_bindgen::rt",
    });
}
pub use wit::timetracker::identity::verifier;
