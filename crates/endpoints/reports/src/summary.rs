//! `GET /api/v1/reports/summary?from&to&group_by=day|project`.

use api::{Call, Endpoint, Problem, ProblemType, Reply, query};
use chrono::NaiveDate;
use domain::Role;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};

use crate::{Group, GroupBy, Reports};

/// The longest span of one summary, in days: ten years.
const MAX_DAYS: i64 = 3660;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    from: NaiveDate,
    to: NaiveDate,
    group_by: GroupBy,
}

#[derive(Serialize)]
struct SummaryView {
    from: NaiveDate,
    to: NaiveDate,
    group_by: GroupBy,
    seconds: i64,
    groups: Vec<GroupView>,
}

#[derive(Serialize)]
struct GroupView {
    key: Option<String>,
    seconds: i64,
}

/// `/api/v1/reports/summary`
pub struct Summary;

impl<P: Reports> Endpoint<P> for Summary {
    const METHODS: &'static [Method] = &[Method::GET];
    const ROLE: Role = Role::User;

    async fn answer(ports: &P, call: Call) -> Result<Reply, Problem> {
        let Wish { from, to, group_by } = query(&call.query)?;
        if to < from {
            return Err(Problem::new(ProblemType::Malformed, "`to` must not be before `from`.").field("to"));
        }
        if (to - from).num_days() >= MAX_DAYS {
            return Err(Problem::new(ProblemType::Malformed, format!("At most {MAX_DAYS} days.")).field("to"));
        }
        let groups = ports.summary(call.caller.id, from, to, group_by).await?;
        let seconds = groups.iter().map(|group| group.seconds).sum();
        let groups = groups.into_iter().map(|Group { key, seconds }| GroupView { key, seconds }).collect();
        Reply::json(StatusCode::OK, &SummaryView { from, to, group_by, seconds, groups })
    }
}
