//! Projects, clients, tasks and tags: what an entry can name. All four are one idea (a name, a colour, a life of its
//! own), so a use case is written once, in `items`; `kinds` says how each kind reads in the API.

mod items;
mod kinds;

pub use kinds::{Client, Clients, Project, Projects, Tag, Tags, Task, Tasks};

#[cfg(feature = "openapi")]
pub use kinds::openapi;
