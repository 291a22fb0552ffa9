//! One module per service: its configuration, its command and how it is known to be ready.

pub mod keycloak;
pub mod migrate;
pub mod postgres;
pub mod rabbitmq;
pub mod realms;
pub mod spin;
pub mod traefik;
pub mod workers;
