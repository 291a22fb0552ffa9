//! The report over a model in memory.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use std::collections::BTreeMap;

use api::sql::Error;
use chrono::NaiveDate;
use endpoints_reports::{Group, GroupBy, Reports};
use suite::Fact;
use uuid::Uuid;

struct InMemory(Vec<Fact>);

impl Reports for InMemory {
    async fn summary(
        &self,
        user: Uuid,
        from: NaiveDate,
        to: NaiveDate,
        group_by: GroupBy,
    ) -> Result<Vec<Group>, Error> {
        let mut groups = BTreeMap::<Option<String>, i64>::new();
        for fact in self.0.iter().filter(|fact| fact.user == user && (from..=to).contains(&fact.day)) {
            let key = match group_by {
                GroupBy::Day => Some(fact.day.to_string()),
                GroupBy::Project => fact.project.map(str::to_owned),
            };
            *groups.entry(key).or_default() += fact.seconds;
        }
        let mut groups: Vec<Group> =
            groups.into_iter().map(|(key, seconds)| Group { key, seconds }).collect();
        if group_by == GroupBy::Project {
            groups.sort_by_key(|group| std::cmp::Reverse(group.seconds));
        }
        Ok(groups)
    }
}

async fn model(facts: Vec<Fact>) -> InMemory {
    InMemory(facts)
}

suite::tests!(model);
