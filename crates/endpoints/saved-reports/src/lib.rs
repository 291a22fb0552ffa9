//! Reports that people keep (`/api/v1/saved-reports`), and links that show one without login
//! (`/api/v1/shared-reports/:token`).

mod change_report;
mod create_report;
mod definition;
mod delete_report;
mod list_all_shares;
mod list_reports;
mod list_shares;
mod read_report;
mod read_shared_report;
mod reports;
mod revoke_share;
mod routes;
mod share_report;
mod shares;

pub use routes::{AllShares, SavedReport, SavedReports, Share, ShareLink, SharedReport, Shares};

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(
        list_reports::list_saved_reports,
        create_report::create_saved_report,
        read_report::read_saved_report,
        change_report::change_saved_report,
        delete_report::delete_saved_report,
        share_report::share_saved_report,
        list_shares::list_shares,
        list_all_shares::list_all_shares,
        revoke_share::revoke_share,
        read_shared_report::read_shared_report,
    ))]
    struct Operations;
    Operations::openapi()
}
