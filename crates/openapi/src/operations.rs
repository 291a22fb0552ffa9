//! All endpoints, once: the document, the authorization matrix and spin.toml are held against this list.

use api::Endpoint;
use domain::Role;
use http::Method;

/// One operation of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The route as spin.toml has it.
    pub route: &'static str,
    /// The method.
    pub method: Method,
    /// The role that a caller must have.
    pub role: Role,
}

impl Listed {
    /// `GET /api/v1/time-entries/:id`
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.route)
    }
}

/// Every operation of every endpoint.
pub fn operations() -> Vec<Listed> {
    let mut all = Vec::new();
    macro_rules! list {
        ($($endpoint:path),* $(,)?) => {$(
            all.extend(<$endpoint as Endpoint>::OPERATIONS.iter().map(|operation| Listed {
                route: <$endpoint as Endpoint>::ROUTE,
                method: operation.method.clone(),
                role: operation.role,
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
    document
}
