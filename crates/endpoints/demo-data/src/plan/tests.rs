use std::collections::{BTreeMap, HashSet};

use chrono::{Datelike as _, NaiveDate, TimeDelta, Timelike as _, Weekday};
use chrono_tz::Tz;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Entry, Plan};

const CALLER: Uuid = Uuid::from_u128(7);

/// A half-year up to that day, across a change of the clocks.
fn plan(now: &str, zone: Tz) -> Plan {
    Plan::new(1, Uuid::from_u128(1), CALLER, zone, now.parse().unwrap()).unwrap()
}

/// A few dates: summer, winter, first of January, the days of both changes of the clocks, a Monday.
const MOMENTS: [&str; 6] = [
    "2026-07-16T10:00:00Z",
    "2026-01-01T00:00:01Z",
    "2026-12-24T23:59:59Z",
    "2026-03-29T01:30:00Z",
    "2026-10-25T00:30:00Z",
    "2026-11-23T04:00:00Z",
];

fn minutes(entry: &Entry) -> i64 {
    (entry.end.unwrap() - entry.start).num_minutes()
}

fn by_person(plan: &Plan) -> BTreeMap<Uuid, Vec<&Entry>> {
    let mut people = BTreeMap::<_, Vec<&Entry>>::new();
    for entry in &plan.entries {
        people.entry(entry.user_id).or_default().push(entry);
    }
    people
}

#[test]
fn nobody_does_two_things_at_once_or_in_the_future() {
    for now in MOMENTS {
        let plan = plan(now, Tz::Africa__Cairo);
        for (person, entries) in by_person(&plan) {
            for pair in entries.windows(2) {
                assert!(pair[0].end.unwrap() <= pair[1].start, "{now} {person} {pair:?}");
            }
            let last = entries.last().unwrap();
            let zone: Tz = last.zone.parse().unwrap();
            let today =
                now.parse::<chrono::DateTime<chrono::Utc>>().unwrap().with_timezone(&zone).date_naive();
            assert!(last.days.last().unwrap().date < today, "{now} {last:?}");
            assert!(today - last.days[0].date < TimeDelta::days(10), "up to yesterday, or nearly: {last:?}");
            assert!((150..=182).contains(&(today - entries[0].days[0].date).num_days()), "{:?}", entries[0]);
        }
    }
}

#[test]
fn a_day_of_work_has_five_to_ten_hours_and_a_break_at_noon() {
    for now in MOMENTS {
        let plan = plan(now, Tz::Europe__London);
        for (person, entries) in by_person(&plan) {
            let mut days = BTreeMap::<NaiveDate, i64>::new();
            for share in entries.iter().flat_map(|entry| &entry.days) {
                *days.entry(share.date).or_default() += share.seconds;
            }
            assert!((95..=130).contains(&days.len()), "{} days of {person}", days.len());
            for (date, seconds) in &days {
                assert!((5 * 3600..=10 * 3600).contains(seconds), "{date} of {person}: {seconds} s");
                assert!(!matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date} of {person}");
            }
            for entry in entries {
                let local =
                    |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&entry.zone.parse::<Tz>().unwrap());
                let (start, end) = (local(entry.start), local(entry.end.unwrap()));
                let half_past_one = start.date_naive().and_hms_opt(13, 30, 0).unwrap();
                let through_noon = start.hour() < 11 && end.naive_local() > half_past_one;
                assert!((5..=170).contains(&minutes(entry)) && !through_noon, "{entry:?}");
            }
        }
    }
}

#[test]
fn it_looks_like_work() {
    let plan = plan("2026-07-16T10:00:00Z", Tz::UTC);
    let entries = &plan.entries;
    assert!((2800..4200).contains(&entries.len()), "{}", entries.len());
    let share = |wanted: &dyn Fn(&Entry) -> bool| {
        let count = entries.iter().filter(|entry| wanted(entry)).count();
        count as f64 / entries.len() as f64
    };
    assert!((0.4..0.8).contains(&share(&|entry| entry.billable)));
    assert!((0.01..0.05).contains(&share(&|entry| entry.description.is_empty())));
    assert!((0.05..0.2).contains(&share(&|entry| entry.description == "Daily stand-up")));
    assert!((0.25..0.6).contains(&share(&|entry| !entry.tag_ids.is_empty())));
    let different: HashSet<_> = entries.iter().map(|entry| entry.description.as_str()).collect();
    assert!(different.len() > 100, "{}", different.len());
    let across: Vec<_> = entries.iter().filter(|entry| entry.days.len() > 1).collect();
    assert_eq!(across.len(), 1, "one night across midnight");
    let evenings = |entry: &Entry| {
        let local = entry.start.with_timezone(&entry.zone.parse::<Tz>().unwrap());
        local.hour() >= 20
    };
    assert!((10..100).contains(&entries.iter().filter(|entry| evenings(entry)).count()));
}

#[test]
fn everything_that_is_named_is_there_before() {
    let plan = plan("2026-07-16T10:00:00Z", Tz::UTC);
    let mut parents = BTreeMap::new();
    let mut names = HashSet::new();
    for item in &plan.items {
        assert!(item.parent_id.is_none_or(|parent| parents.contains_key(&parent)), "{item:?}");
        assert!(
            names.insert((item.kind, item.parent_id.filter(|_| item.kind == "task"), item.name)),
            "{item:?}"
        );
        assert!(parents.insert(item.id, (item.kind, item.parent_id)).is_none());
    }
    let mut ids: HashSet<Uuid> = parents.keys().copied().collect();
    let mut used = HashSet::new();
    for entry in &plan.entries {
        assert!(ids.insert(entry.id));
        let project = entry.project_id.unwrap();
        assert_eq!(parents[&project].0, "project");
        if let Some(task) = entry.task_id {
            assert_eq!(parents[&task], ("task", Some(project)));
            used.insert(task);
        }
        assert!(entry.tag_ids.iter().all(|tag| parents[tag].0 == "tag"));
        used.extend(entry.tag_ids.iter().chain([&project]));
    }
    let idle: Vec<_> =
        plan.items.iter().filter(|item| item.kind != "client" && !used.contains(&item.id)).collect();
    assert_eq!(idle.len(), 0, "{idle:?}");
    let people: HashSet<Uuid> = plan.people.iter().map(|person| person.id).chain([CALLER]).collect();
    assert_eq!(people, by_person(&plan).into_keys().collect());
}

#[test]
fn the_same_seed_gives_the_same_and_another_one_another() {
    let json = |seed, filling| -> Json {
        let now = "2026-07-16T10:00:00Z".parse().unwrap();
        let plan = Plan::new(seed, Uuid::from_u128(filling), CALLER, Tz::UTC, now);
        serde_json::to_value(plan.unwrap()).unwrap()
    };
    assert_eq!(json(1, 1), json(1, 1));
    assert_ne!(json(1, 1)["entries"], json(2, 1)["entries"]);
    let (one, other) = (json(1, 1), json(1, 2));
    assert_eq!(one["people"], other["people"]);
    assert_ne!(one["items"][0]["id"], other["items"][0]["id"]);
    let without_ids = |plan: &Json| -> Vec<Json> {
        let entries = plan["entries"].as_array().unwrap();
        entries.iter().map(|entry| json!([entry["start"], entry["end"], entry["description"]])).collect()
    };
    assert_eq!(without_ids(&one), without_ids(&other));
}
