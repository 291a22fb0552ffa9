//! How each kind reads in the API: its paths, its fields and, where it has one, what it belongs to.

use api::sql::Database;
use api::{
    Call, Endpoint, Limit, Operation, Problem, ProblemType, Reply, double_option, json_body, present, query,
};
use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::items::{self, Change, Filter, Item, Kind, Wish};

/// Makes a kind: its views, its use cases and its two endpoints.
macro_rules! kind {
    (
        $module:ident, $collection:ident, $item:ident, $name:literal, $path:literal, $item_path:literal, $route:literal,
        $view:ident, $wish:ident, $change:ident, $page:ident, $example:literal,
        $(parent: $parent:ident / $filter:ident, $wish_type:ty, $change_type:ty, $changed:literal, $into_wish:expr, $into_change:expr)?
    ) => {
        mod $module {
            use super::*;

            pub(super) struct This;

            impl Kind for This {
                const NAME: &'static str = $name;
                const PATH: &'static str = $path;
                type View = View;
            }

            #[doc = concat!("A ", $name, ".")]
            #[derive(Serialize)]
            #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = $view, example = json!({
                "id": "7b7e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02", "name": $example, "color": "#4f6bed", "archived": false,
                $(stringify!($parent): "0f7a4a53-6c0e-4b7e-8d43-0c7b8a6f0a02",)?
                "version": 1, "created_by": "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10",
                "created_at": "2026-05-04T08:30:02.120000Z", "updated_at": "2026-05-04T08:30:02.120000Z"})))]
            pub struct View {
                /// Its id.
                id: Uuid,
                /// Unique among those that are not archived.
                name: String,
                /// `#rrggbb`
                color: String,
                /// Whether it is kept for history only.
                archived: bool,
                $(
                    /// What it belongs to.
                    $parent: Option<Uuid>,
                )?
                /// Rises with each change; the ETag.
                version: i64,
                /// Who made it.
                created_by: Uuid,
                /// When it was made.
                created_at: DateTime<Utc>,
                /// When it was last changed.
                updated_at: DateTime<Utc>,
            }

            impl From<Item> for View {
                fn from(item: Item) -> Self {
                    let Item { id, name, color, archived, version, created_by, created_at, updated_at, .. } = item;
                    Self { id, name, color, archived, $($parent: item.$parent,)? version, created_by, created_at, updated_at }
                }
            }

            #[doc = concat!("A new ", $name, ".")]
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = $wish, example = json!({
                "name": $example, "color": "#4f6bed" $(, stringify!($parent): "0f7a4a53-6c0e-4b7e-8d43-0c7b8a6f0a02")?})))]
            pub struct New {
                /// Unique among those that are not archived, whatever its case.
                #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
                name: String,
                /// `#rrggbb`; one is chosen where nothing is said.
                #[cfg_attr(feature = "openapi", schema(pattern = "^#[0-9a-fA-F]{6}$"))]
                color: Option<String>,
                $(
                    /// What it belongs to.
                    $parent: $wish_type,
                )?
            }

            #[doc = concat!("What is to change of a ", $name, "; what is absent stays.")]
            #[derive(Default, Deserialize)]
            #[serde(deny_unknown_fields, default)]
            #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = $change, example = json!({
                "archived": true})))]
            pub struct Changed {
                /// Unique among those that are not archived.
                #[serde(deserialize_with = "present")]
                #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 100))]
                name: Option<String>,
                /// `#rrggbb`
                #[serde(deserialize_with = "present")]
                #[cfg_attr(feature = "openapi", schema(nullable = false, pattern = "^#[0-9a-fA-F]{6}$"))]
                color: Option<String>,
                /// Whether it is kept for history only.
                #[serde(deserialize_with = "present")]
                #[cfg_attr(feature = "openapi", schema(nullable = false))]
                archived: Option<bool>,
                $(
                    /// What it belongs to.
                    #[serde(deserialize_with = $changed)]
                    #[cfg_attr(feature = "openapi", schema(value_type = $wish_type))]
                    $parent: $change_type,
                )?
            }

            #[doc = concat!("A page of ", stringify!($module), ", by name.")]
            #[derive(Serialize)]
            #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = $page, example = json!({
                "items": [], "next_cursor": null})))]
            #[allow(dead_code, reason = "for the document: the use case answers any kind")]
            pub struct Page {
                items: Vec<View>,
                /// Where the next page begins; null on the last one.
                next_cursor: Option<String>,
            }

            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            #[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
            struct Listed {
                /// Only archived ones, or only others.
                #[cfg_attr(feature = "openapi", param(nullable = false))]
                archived: Option<bool>,
                /// A text in the name.
                #[cfg_attr(feature = "openapi", param(nullable = false, max_length = 200, pattern = "^[^\\u0000]*$"))]
                q: Option<String>,
                $(
                    /// Only what belongs to this.
                    #[cfg_attr(feature = "openapi", param(nullable = false))]
                    $filter: Option<Uuid>,
                )?
                /// How many at most.
                #[serde(default)]
                #[cfg_attr(feature = "openapi", param(value_type = Option<u8>, minimum = 1, maximum = 200, nullable = false))]
                limit: Limit,
                /// Where the page before ended: its `next_cursor`.
                #[cfg_attr(feature = "openapi", param(nullable = false, pattern = "^[A-Za-z0-9_-]+$"))]
                cursor: Option<String>,
            }

            #[cfg_attr(feature = "openapi", utoipa::path(
                get, summary = concat!("List ", stringify!($module)), description = "By name, archived ones included unless `archived=false`.",
                path = $path, operation_id = concat!("list_", stringify!($module)), tag = "catalogue", params(Listed),
                responses((status = 200, description = "A page, by name", body = Page)),
            ))]
            pub(super) async fn list(db: &impl Database, call: Call) -> Result<Reply, Problem> {
                let Listed { archived, q, $($filter,)? limit, cursor } = query(&call.query)?;
                #[allow(unused_mut, unused_assignments, reason = "not every kind has a parent")]
                let mut parent = None;
                $(parent = $filter;)?
                items::list::<This>(db, &call, Filter { archived, q, parent, limit, cursor }).await
            }

            #[cfg_attr(feature = "openapi", utoipa::path(
                post, summary = concat!("Make a ", $name), description = "Everybody may.",
                path = $path, operation_id = concat!("create_", $name), tag = "catalogue", request_body = New,
                responses(
                    (status = 201, description = "It, as it was written", body = View),
                    (status = 409, description = "name-taken"),
                ),
            ))]
            pub(super) async fn create(db: &impl Database, call: Call) -> Result<Reply, Problem> {
                let new: New = json_body(&call.body)?;
                #[allow(unused_mut, unused_assignments, reason = "not every kind has a parent")]
                let mut parent = None;
                $(parent = $into_wish(new.$parent);)?
                items::create::<This>(db, &call, Wish { name: new.name, color: new.color, parent }).await
            }

            #[cfg_attr(feature = "openapi", utoipa::path(
                get, summary = concat!("Read a ", $name),
                path = $item_path, operation_id = concat!("read_", $name), tag = "catalogue",
                responses((status = 200, description = "It", body = View)),
            ))]
            pub(super) async fn read(db: &impl Database, call: Call) -> Result<Reply, Problem> {
                items::read::<This>(db, &call).await
            }

            #[cfg_attr(feature = "openapi", utoipa::path(
                patch, summary = concat!("Change or archive a ", $name), description = "Who made it may, and managers and admins.",
                path = $item_path, operation_id = concat!("change_", $name), tag = "catalogue", request_body = Changed,
                responses(
                    (status = 200, description = "It, as it is now", body = View),
                    (status = 409, description = "name-taken, contended"),
                ),
            ))]
            pub(super) async fn change(db: &impl Database, call: Call) -> Result<Reply, Problem> {
                let changed: Changed = json_body(&call.body)?;
                #[allow(unused_mut, unused_assignments, reason = "not every kind has a parent")]
                let mut parent = None;
                $(parent = $into_change(changed.$parent);)?
                let change = Change { name: changed.name, color: changed.color, parent, archived: changed.archived };
                items::change::<This>(db, &call, change).await
            }

            #[cfg_attr(feature = "openapi", utoipa::path(
                delete, summary = concat!("Delete a ", $name), description = "Only what nothing names: archive it otherwise.",
                path = $item_path, operation_id = concat!("delete_", $name), tag = "catalogue",
                responses(
                    (status = 204, description = "It is deleted"),
                    (status = 409, description = "in-use, contended"),
                ),
            ))]
            pub(super) async fn delete(db: &impl Database, call: Call) -> Result<Reply, Problem> {
                items::delete::<This>(db, &call).await
            }
        }

        #[doc = concat!("`", $path, "`")]
        pub struct $collection;

        impl Endpoint for $collection {
            const ROUTE: &'static str = $path;
            const OPERATIONS: &'static [Operation] = &[Operation::user(Method::GET), Operation::user(Method::POST)];

            async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
                match call.method {
                    Method::GET => $module::list(db, call).await,
                    Method::POST => $module::create(db, call).await,
                    _ => Err(ProblemType::MethodNotAllowed.into()),
                }
            }
        }

        #[doc = concat!("`", $route, "`")]
        pub struct $item;

        impl Endpoint for $item {
            const ROUTE: &'static str = $route;
            const OPERATIONS: &'static [Operation] =
                &[Operation::user(Method::GET), Operation::user(Method::PATCH), Operation::user(Method::DELETE)];

            async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
                match call.method {
                    Method::GET => $module::read(db, call).await,
                    Method::PATCH => $module::change(db, call).await,
                    Method::DELETE => $module::delete(db, call).await,
                    _ => Err(ProblemType::MethodNotAllowed.into()),
                }
            }
        }
    };
}

kind!(
    projects, Projects, Project, "project", "/api/v1/projects", "/api/v1/projects/{id}", "/api/v1/projects/:id",
    Project, NewProject, ProjectChange, ProjectPage, "Atlas",
    parent: client_id / client, Option<Uuid>, Option<Option<Uuid>>, "double_option", std::convert::identity, std::convert::identity
);
kind!(
    clients,
    Clients,
    Client,
    "client",
    "/api/v1/clients",
    "/api/v1/clients/{id}",
    "/api/v1/clients/:id",
    Client,
    NewClient,
    ClientChange,
    ClientPage,
    "Nordwind",
);
kind!(
    tasks, Tasks, Task, "task", "/api/v1/tasks", "/api/v1/tasks/{id}", "/api/v1/tasks/:id",
    Task, NewTask, TaskChange, TaskPage, "Design",
    parent: project_id / project, Uuid, Option<Uuid>, "present", Some, (|parent: Option<Uuid>| parent.map(Some))
);
kind!(
    tags,
    Tags,
    Tag,
    "tag",
    "/api/v1/tags",
    "/api/v1/tags/{id}",
    "/api/v1/tags/:id",
    Tag,
    NewTag,
    TagChange,
    TagPage,
    "urgent",
);

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(
        projects::list,
        projects::create,
        projects::read,
        projects::change,
        projects::delete,
        clients::list,
        clients::create,
        clients::read,
        clients::change,
        clients::delete,
        tasks::list,
        tasks::create,
        tasks::read,
        tasks::change,
        tasks::delete,
        tags::list,
        tags::create,
        tags::read,
        tags::change,
        tags::delete,
    ))]
    struct Operations;
    Operations::openapi()
}
