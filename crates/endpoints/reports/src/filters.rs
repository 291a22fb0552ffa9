//! What all reports narrow their time by: a span of days, whose time, and what it was tracked for.

use api::sql::Parameters;
use api::{Caller, Problem, ProblemType, Whose};
use chrono::{Datelike as _, NaiveDate};
use uuid::Uuid;

/// The longest span of one report, in days: ten years.
const MAX_DAYS: i64 = 3660;

/// The first and the last day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Span {
    /// Check that a report can be over these days.
    ///
    /// # Errors
    /// `invalid`, naming `from` or `to`.
    pub fn checked(self) -> Result<Self, Problem> {
        let invalid =
            |field: &str, words: String| Err(Problem::new(ProblemType::Invalid, words).field(field));
        for (field, day) in [("from", self.from), ("to", self.to)] {
            if !in_calendar(day) {
                return invalid(field, "A day of the years 1 to 9999, such as 2026-05-04.".to_owned());
            }
        }
        if self.to < self.from {
            return invalid("to", "`to` must not be before `from`.".to_owned());
        }
        if (self.to - self.from).num_days() >= MAX_DAYS {
            return invalid("to", format!("At most {MAX_DAYS} days."));
        }
        Ok(self)
    }
}

/// Whether a day can be asked for and written: chrono knows years that PostgreSQL and RFC 3339 do not.
pub(crate) fn in_calendar(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

/// Which time a report is about, as far as its caller may see it.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The days.
    pub span: Span,
    /// Whose time; none for everybody's.
    pub user: Option<Uuid>,
    /// Only for projects of this client.
    pub client: Option<Uuid>,
    /// Only for this project.
    pub project: Option<Uuid>,
    /// Only for this task.
    pub task: Option<Uuid>,
    /// Only with this tag.
    pub tag: Option<Uuid>,
    /// Only billable time, or only other time.
    pub billable: Option<bool>,
}

impl Scope {
    /// All time of somebody, or of everybody, in a span.
    pub(crate) fn of(user: Option<Uuid>, span: Span) -> Self {
        Self { span, user, client: None, project: None, task: None, tag: None, billable: None }
    }

    /// What was asked for: the span is checked, and whether the caller may see that person's time.
    ///
    /// # Errors
    /// `invalid` and `forbidden`, naming the parameter.
    pub fn checked(self, asked: Option<Whose>, caller: &Caller) -> Result<Self, Problem> {
        Ok(Self { user: Whose::owner(asked, caller)?, span: self.span.checked()?, ..self })
    }

    /// The conditions beside the span, each with its AND. `tagged` says how a row is asked for a tag.
    pub(crate) fn conditions(
        &self,
        parameters: &mut Parameters,
        tagged: impl Fn(String) -> String,
    ) -> String {
        let mut conditions = String::new();
        let mut and = |condition: Option<String>| {
            conditions.extend(condition.map(|condition| format!(" AND {condition}")));
        };
        and(self.user.map(|id| format!("user_id = {}", parameters.bind(id, "uuid"))));
        and(self.client.map(|id| {
            let id = parameters.bind(id, "uuid");
            format!(
                "project_id IN (SELECT id FROM reporting.catalogue WHERE kind = 'project' AND parent = {id})"
            )
        }));
        and(self.project.map(|id| format!("project_id = {}", parameters.bind(id, "uuid"))));
        and(self.task.map(|id| format!("task_id = {}", parameters.bind(id, "uuid"))));
        and(self.tag.map(|id| tagged(parameters.bind(id, "uuid"))));
        and(self.billable.map(|yes| format!("billable = {}", parameters.bind(yes, "boolean"))));
        conditions
    }
}

/// A query with the filters that all reports have, and some of its own. (serde can flatten one struct into another, but
/// not refuse unknown parameters then.)
#[macro_export]
macro_rules! filtered_query {
    ($(#[$about:meta])* $visibility:vis struct $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
        $visibility struct $name {
            /// The first day.
            #[cfg_attr(feature = "openapi", param(example = "2026-05-01"))]
            from: chrono::NaiveDate,
            /// The last day, included; at most ten years after the first.
            #[cfg_attr(feature = "openapi", param(example = "2026-05-31"))]
            to: chrono::NaiveDate,
            /// Whose time: a user's id, or `all`. One's own where nothing is said; others' is for managers and admins.
            #[cfg_attr(feature = "openapi", param(nullable = false, value_type = Option<String>,
                pattern = "^(all|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"))]
            user: Option<api::Whose>,
            /// For a project of this client.
            #[cfg_attr(feature = "openapi", param(nullable = false))]
            client: Option<uuid::Uuid>,
            /// For this project.
            #[cfg_attr(feature = "openapi", param(nullable = false))]
            project: Option<uuid::Uuid>,
            /// For this task.
            #[cfg_attr(feature = "openapi", param(nullable = false))]
            task: Option<uuid::Uuid>,
            /// With this tag.
            #[cfg_attr(feature = "openapi", param(nullable = false))]
            tag: Option<uuid::Uuid>,
            /// Only billable time, or only other time.
            #[cfg_attr(feature = "openapi", param(nullable = false))]
            billable: Option<bool>,
            $($own)*
        }

        impl $name {
            /// The time that is asked for, as far as the caller may see it.
            fn scope(&self, caller: &api::Caller) -> Result<$crate::Scope, api::Problem> {
                let &Self { from, to, client, project, task, tag, billable, .. } = self;
                let span = $crate::Span { from, to };
                $crate::Scope { span, user: None, client, project, task, tag, billable }.checked(self.user, caller)
            }
        }
    };
}
