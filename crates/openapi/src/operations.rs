//! All endpoints, once: the document, the authorization matrix and spin.toml are held against this list.

use api::{Access, Endpoint};
use http::Method;

/// One operation of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The route as spin.toml has it.
    pub route: &'static str,
    /// The method.
    pub method: Method,
    /// Who may call it.
    pub access: Access,
}

impl Listed {
    /// `GET /api/v1/time-entries/:id`
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.route)
    }

    /// Whether it is called by its address alone.
    pub fn needs_no_login(&self) -> bool {
        self.access == Access::Link
    }
}

/// Whether an operation of the document, by its method and path there, is called without login.
pub(crate) fn needs_no_login(method: &str, path: &str) -> bool {
    let same = |one: &Listed| {
        one.method.as_str().eq_ignore_ascii_case(method)
            && one.route == path.replace('{', ":").replace('}', "")
    };
    operations().iter().any(|one| same(one) && one.needs_no_login())
}

/// Every operation of every endpoint.
pub fn operations() -> Vec<Listed> {
    let mut all = Vec::new();
    macro_rules! list {
        ($($endpoint:path),* $(,)?) => {$(
            all.extend(<$endpoint as Endpoint>::OPERATIONS.iter().map(|operation| Listed {
                route: <$endpoint as Endpoint>::ROUTE,
                method: operation.method.clone(),
                access: operation.access,
            }));
        )*};
    }
    list!(
        endpoints_time_entries::Collection,
        endpoints_time_entries::Bulk,
        endpoints_time_entries::Item,
        endpoints_time_entries::History,
        endpoints_time_entries::Restore,
        endpoints_time_entries::Continue,
        endpoints_time_entries::Timer,
        endpoints_time_entries::Switch,
        endpoints_time_entries::Discard,
        endpoints_catalogue::Projects,
        endpoints_catalogue::Project,
        endpoints_catalogue::Clients,
        endpoints_catalogue::Client,
        endpoints_catalogue::Tasks,
        endpoints_catalogue::Task,
        endpoints_catalogue::Tags,
        endpoints_catalogue::Tag,
        endpoints_settings::Me,
        endpoints_settings::Lock,
        endpoints_demo_data::DemoData,
        endpoints_live::Live,
        endpoints_reports::Summary,
        endpoints_reports::Detailed,
        endpoints_reports::Weekly,
        endpoints_reports::Calendar,
        endpoints_reports::Dashboard,
        endpoints_export::Export,
        endpoints_operations::Status,
        endpoints_operations::DeadLetters,
        endpoints_operations::DeadLetter,
        endpoints_operations::ReplayDeadLetter,
        endpoints_saved_reports::SavedReports,
        endpoints_saved_reports::SavedReport,
        endpoints_saved_reports::Share,
        endpoints_saved_reports::Shares,
        endpoints_saved_reports::AllShares,
        endpoints_saved_reports::ShareLink,
        endpoints_saved_reports::SharedReport,
    );
    all
}

/// The annotations of all endpoints.
pub(crate) fn annotated() -> utoipa::openapi::OpenApi {
    let mut document = endpoints_time_entries::openapi();
    document.merge(endpoints_catalogue::openapi());
    document.merge(endpoints_settings::openapi());
    document.merge(endpoints_demo_data::openapi());
    document.merge(endpoints_live::openapi());
    document.merge(endpoints_reports::openapi());
    document.merge(endpoints_export::openapi());
    document.merge(endpoints_operations::openapi());
    document.merge(endpoints_saved_reports::openapi());
    document
}
