//! What a saved report asks of the summary report: the same questions, and spans that move with the day.

use api::{Problem, ProblemType};
use chrono::{Datelike as _, Days, Months, NaiveDate};
use domain::{Week, WeekStart};
use endpoints_reports::{By, Span};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A span that moves with the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Moving {
    /// The day.
    Today,
    /// The day before.
    Yesterday,
    /// The week that the day is in.
    ThisWeek,
    /// The week before.
    LastWeek,
    /// The month that the day is in.
    ThisMonth,
    /// The month before.
    LastMonth,
    /// The year that the day is in.
    ThisYear,
    /// The year before.
    LastYear,
}

/// What a summary report is asked: `from` and `to`, or a `span`, and by what to group and to filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportDefinition, example = json!({
    "span": "last_month", "group_by": ["project"], "billable": true})))]
pub struct Definition {
    /// The first day; only together with `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<NaiveDate>,
    /// The last day, included; at most ten years after the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<NaiveDate>,
    /// A span that moves with the day, in the zone of the report's owner; only without `from` and `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub(crate) span: Option<Moving>,
    /// By what to group: one to three, each once.
    #[cfg_attr(feature = "openapi", schema(inline, min_items = 1, max_items = 3))]
    pub(crate) group_by: Vec<By>,
    /// Whose time: a user's id, or `all`; one's own where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^(all|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")
    )]
    pub(crate) user: Option<String>,
    /// Only this client's projects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client: Option<Uuid>,
    /// Only this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) project: Option<Uuid>,
    /// Only this task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) task: Option<Uuid>,
    /// Only with this tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tag: Option<Uuid>,
    /// Only billable time, or only other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) billable: Option<bool>,
    /// Where weeks begin; the owner's preference where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = "^(monday|sunday|iso)$"))]
    pub(crate) week_start: Option<WeekStart>,
}

impl Definition {
    /// The definition, if a summary can be asked it.
    ///
    /// # Errors
    /// `invalid`, naming the field below `definition`.
    pub(crate) fn checked(self) -> Result<Self, Problem> {
        let below = |problem: Problem| problem.below("definition");
        match (self.span, self.from, self.to) {
            (Some(_), None, None) => {}
            (None, Some(from), Some(to)) => drop(Span { from, to }.checked().map_err(below)?),
            _ => {
                return Err(below(
                    Problem::new(ProblemType::Invalid, "Either `from` and `to`, or `span`.").field("span"),
                ));
            }
        }
        By::check(&self.group_by).map_err(below)?;
        let known = |user: &String| user == "all" || Uuid::try_parse(user).is_ok();
        if self.user.as_ref().is_some_and(|user| !known(user)) {
            return Err(below(Problem::new(ProblemType::Invalid, "A user's id, or `all`.").field("user")));
        }
        Ok(self)
    }

    /// The first and the last day, for somebody whose day is `today`.
    pub(crate) fn days(&self, today: NaiveDate, week_start: WeekStart) -> Option<(NaiveDate, NaiveDate)> {
        let Some(span) = self.span else { return self.from.zip(self.to) };
        let month = |first: NaiveDate| Some((first, (first + Months::new(1)).pred_opt()?));
        let year =
            |year: i32| Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?));
        let week = Week::of(today, week_start);
        match span {
            Moving::Today => Some((today, today)),
            Moving::Yesterday => today.pred_opt().map(|day| (day, day)),
            Moving::ThisWeek => Some((week.first(), week.last())),
            Moving::LastWeek => {
                let before = Days::new(7);
                Some((week.first().checked_sub_days(before)?, week.last().checked_sub_days(before)?))
            }
            Moving::ThisMonth => month(today.with_day(1)?),
            Moving::LastMonth => month(today.with_day(1)?.checked_sub_months(Months::new(1))?),
            Moving::ThisYear => year(today.year()),
            Moving::LastYear => year(today.year() - 1),
        }
    }

    /// The query of the summary report that asks this of these days.
    pub(crate) fn query(&self, from: NaiveDate, to: NaiveDate, week_start: WeekStart) -> String {
        let names: Vec<String> = self.group_by.iter().map(name).collect();
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("from", &from.to_string())
            .append_pair("to", &to.to_string())
            .append_pair("group_by", &names.join(","))
            .append_pair("week_start", &name(&week_start));
        for (name, id) in
            [("client", self.client), ("project", self.project), ("task", self.task), ("tag", self.tag)]
        {
            query.extend_pairs(id.map(|id| (name, id.to_string())));
        }
        query.extend_pairs(self.user.as_ref().map(|user| ("user", user)));
        query.extend_pairs(self.billable.map(|billable| ("billable", billable.to_string())));
        query.finish()
    }
}

/// What a parameter's value is called in a query: as in JSON.
fn name(value: &impl Serialize) -> String {
    serde_json::json!(value).as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(json: serde_json::Value) -> Definition {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn spans_move_with_the_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (span, today, from, to) in [
            ("today", "2026-05-10", "2026-05-10", "2026-05-10"),
            ("yesterday", "2026-01-01", "2025-12-31", "2025-12-31"),
            ("this_week", "2026-05-10", "2026-05-04", "2026-05-10"),
            ("last_week", "2026-05-10", "2026-04-27", "2026-05-03"),
            ("this_month", "2026-12-31", "2026-12-01", "2026-12-31"),
            ("last_month", "2028-03-31", "2028-02-01", "2028-02-29"),
            ("last_month", "2026-01-15", "2025-12-01", "2025-12-31"),
            ("this_year", "2026-05-10", "2026-01-01", "2026-12-31"),
            ("last_year", "2024-02-29", "2023-01-01", "2023-12-31"),
        ] {
            let asked =
                definition(serde_json::json!({ "span": span, "group_by": ["day"] })).checked().unwrap();
            assert_eq!(
                asked.days(day(today), WeekStart::Iso),
                Some((day(from), day(to))),
                "{span} on {today}"
            );
        }
        let asked = definition(serde_json::json!({ "span": "this_week", "group_by": ["day"] }));
        assert_eq!(
            asked.days(day("2026-05-10"), WeekStart::Sunday),
            Some((day("2026-05-10"), day("2026-05-16")))
        );
    }

    #[test]
    fn the_summary_is_asked_all_of_it() {
        let project = Uuid::nil();
        let asked = definition(serde_json::json!({ "from": "2026-05-01", "to": "2026-05-31", "user": "all",
            "group_by": ["project", "day"], "project": project, "billable": false }));
        let (from, to) = asked.days(NaiveDate::MIN, WeekStart::Iso).unwrap();
        assert_eq!(
            asked.query(from, to, WeekStart::Iso),
            format!(
                "from=2026-05-01&to=2026-05-31&group_by=project%2Cday&week_start=iso&project={project}&user=all&billable=false"
            )
        );
    }
}
