//! The API and those that it is compared with (bench/peers), side by side over one database and one realm: for
//! `bench api` and for the test that holds that they all answer and write the same.

mod contenders;
mod program;
mod realm;
pub mod sameness;

pub use contenders::{Contenders, Ground, POOL, root};
pub use program::Program;
pub use realm::{Realm, person};
