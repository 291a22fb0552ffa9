use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

const ENTRIES: [&str; 4] = [
    include_str!("../golden/time-entry-created.json"),
    include_str!("../golden/time-entry-changed.json"),
    include_str!("../golden/time-entry-deleted.json"),
    include_str!("../golden/time-entry-restored.json"),
];
const OLD_ENTRIES: [&str; 3] = [
    include_str!("../golden/v1/time-entry-created.json"),
    include_str!("../golden/v1/time-entry-changed.json"),
    include_str!("../golden/v1/time-entry-deleted.json"),
];
const ENTRIES_OF_VERSION_2: [&str; 4] = [
    include_str!("../golden/v2/time-entry-created.json"),
    include_str!("../golden/v2/time-entry-changed.json"),
    include_str!("../golden/v2/time-entry-deleted.json"),
    include_str!("../golden/v2/time-entry-restored.json"),
];
const USERS: [&str; 2] =
    [include_str!("../golden/user-created.json"), include_str!("../golden/user-changed.json")];
const ITEMS: [&str; 6] = [
    include_str!("../golden/project-created.json"),
    include_str!("../golden/project-changed.json"),
    include_str!("../golden/project-deleted.json"),
    include_str!("../golden/client-created.json"),
    include_str!("../golden/task-created.json"),
    include_str!("../golden/tag-created.json"),
];

fn entry(golden: &str) -> TimeEntryEvent {
    TimeEntryEvent::parse(golden.as_bytes()).unwrap()
}

fn item(golden: &str) -> (Kind, CatalogueEvent) {
    match Event::parse(golden.as_bytes()).unwrap() {
        Event::Catalogue(kind, event) => (kind, event),
        other => panic!("{other:?}"),
    }
}

/// `golden` with other values, parsed.
fn altered(golden: &str, changes: &[(&str, Value)]) -> Result<Event, Unreadable> {
    let mut event: Value = serde_json::from_str(golden).unwrap();
    for (pointer, value) in changes {
        *event.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value.clone();
    }
    Event::parse(event.to_string().as_bytes())
}

#[test]
fn events_of_entries_are_read_and_nothing_of_them_is_lost() {
    for golden in ENTRIES {
        let expected: Value = serde_json::from_str(golden).unwrap();
        assert_eq!(serde_json::to_value(entry(golden)).unwrap(), expected);
    }
}

#[test]
fn what_waits_in_a_queue_since_version_1_is_read_without_its_projects_text() {
    for golden in OLD_ENTRIES {
        let event = entry(golden);
        for state in [event.data.before, event.data.after].into_iter().flatten() {
            assert_eq!(
                (state.project_id, state.task_id, state.tag_ids, state.billable),
                (None, None, vec![], false)
            );
            assert_eq!(state.description, "Night shift");
        }
    }
    assert_eq!(entry(OLD_ENTRIES[0]).data.days, entry(ENTRIES[0]).data.days);
}

#[test]
fn what_waits_in_a_queue_since_version_2_has_no_money_and_rounds_nothing() {
    for (old, new) in ENTRIES_OF_VERSION_2.into_iter().zip(ENTRIES) {
        assert_eq!(entry(old).data, entry(new).data);
    }
}

#[test]
fn events_of_people_are_read_and_nothing_of_them_is_lost() {
    for golden in USERS {
        let Event::User(event) = Event::parse(golden.as_bytes()).unwrap() else { panic!("{golden}") };
        assert_eq!(serde_json::to_value(&event).unwrap(), serde_json::from_str::<Value>(golden).unwrap());
    }
}

#[test]
fn version_3_may_leave_no_money_out() {
    for (pointer, field) in [("/data", "rate"), ("/data", "currency"), ("/data/days/0", "amount")] {
        let mut event: Value = serde_json::from_str(ENTRIES[0]).unwrap();
        event.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(field).unwrap();
        let read = Event::parse(event.to_string().as_bytes());
        assert!(matches!(read, Err(Unreadable::Form(_))), "{field}: {read:?}");
    }
}

#[test]
fn no_state_may_leave_anything_out() {
    for field in ["project_id", "task_id", "tag_ids", "billable"] {
        let mut event: Value = serde_json::from_str(ENTRIES[0]).unwrap();
        event["data"]["after"].as_object_mut().unwrap().remove(field).unwrap();
        let read = Event::parse(event.to_string().as_bytes());
        assert!(matches!(read, Err(Unreadable::Form(_))), "{field}: {read:?}");
    }
}

#[test]
fn events_of_the_catalogue_are_read() {
    let id = |last: u8| Some(Uuid::from_u128(0xc0a1_f6d2_3b44_4e0f_9a77_5d1e_8b2c_4f00 + u128::from(last)));
    let told: Vec<_> = ITEMS
        .iter()
        .map(|golden| {
            let (kind, event) = item(golden);
            let state = event.data.last().unwrap();
            let living = event.data.after.is_some();
            (kind, event.data.version, state.name.clone(), state.archived, state.parent(), living)
        })
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Project, 1, "Atlas".to_owned(), false, id(4), true),
            (Kind::Project, 2, "Atlas II".to_owned(), true, None, true),
            (Kind::Project, 3, "Atlas II".to_owned(), true, None, false),
            (Kind::Client, 1, "Northwind".to_owned(), false, None, true),
            (Kind::Task, 1, "Drawings".to_owned(), false, id(1), true),
            (Kind::Tag, 1, "night".to_owned(), false, None, true),
        ]
    );
    let (_, event) = item(ITEMS[1]);
    assert_eq!(event.data.before.unwrap().color, "#4f6bed");
    assert_eq!(event.data.after.unwrap().color, "#d64550");
}

#[test]
fn what_contradicts_itself_is_refused() {
    let other = json!("0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10");
    for (golden, pointer, value) in [
        (ENTRIES[0], "/subject", other.clone()),
        (ENTRIES[0], "/data/version", json!(0)),
        (ENTRIES[0], "/data/days/0/seconds", json!(-5)),
        (ENTRIES[0], "/data/after", Value::Null),
        (ENTRIES[0], "/type", json!("timetracker.time_entry.deleted")),
        (
            ENTRIES[2],
            "/data/days",
            json!([{ "date": "2026-03-28", "seconds": 5, "rounded_seconds": 5, "amount": null }]),
        ),
        (ITEMS[0], "/subject", other.clone()),
        (ITEMS[0], "/data/version", json!(0)),
        (ITEMS[0], "/data/after", Value::Null),
        (ITEMS[0], "/type", json!("timetracker.tag.created")),
        (ITEMS[2], "/data/before", Value::Null),
        (ITEMS[4], "/data/after/project_id", Value::Null),
    ] {
        let read = altered(golden, &[(pointer, value)]);
        assert!(matches!(read, Err(Unreadable::Contradiction(_))), "{pointer}: {read:?}");
    }
}

#[test]
fn another_type_or_generation_is_an_error_of_its_own() {
    for (golden, pointer, value) in [
        (ENTRIES[0], "/specversion", "0.3"),
        (ENTRIES[0], "/type", "timetracker.invoice.created"),
        (ENTRIES[0], "/type", "timetracker.time_entry.approved"),
        (ENTRIES[0], "/type", "timetracker.time_entry"),
        (ENTRIES[0], "/dataschema", "/schemas/time-entry-event-v4.json"),
        (ENTRIES[0], "/dataschema", "/schemas/catalogue-event-v1.json"),
        (ITEMS[0], "/type", "timetracker.projects.created"),
        (ITEMS[0], "/type", "timetracker.project.restored"),
        (ITEMS[0], "/dataschema", "/schemas/catalogue-event-v2.json"),
        (ITEMS[0], "/dataschema", "/schemas/time-entry-event-v2.json"),
    ] {
        let read = altered(golden, &[(pointer, json!(value))]);
        assert!(matches!(read, Err(Unreadable::Unknown(_))), "{pointer} {value}: {read:?}");
    }
    let of_something_else = TimeEntryEvent::parse(ITEMS[0].as_bytes());
    assert!(matches!(of_something_else, Err(Unreadable::Unknown(_))));
}

#[test]
fn what_is_no_event_is_refused() {
    for body in [&b""[..], b"{", b"[]", b"{}", b"\xff"] {
        assert!(matches!(Event::parse(body), Err(Unreadable::Form(_))));
    }
}

/// The bridge publishes `mandatory`: an event without a way would come back and wait for ever.
#[test]
fn every_event_has_a_way_to_the_reports() {
    let topology: Value = serde_json::from_str(include_str!("../../../rabbitmq/definitions.json")).unwrap();
    let keys: Vec<&str> = topology["bindings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|binding| binding["source"] == "timetracker.events" && binding["destination"] == "reporting")
        .map(|binding| binding["routing_key"].as_str().unwrap())
        .collect();
    for golden in ENTRIES.iter().chain(&ITEMS) {
        let event: Value = serde_json::from_str(golden).unwrap();
        let routing_key = event["type"].as_str().unwrap().strip_prefix("timetracker.").unwrap();
        let goes = |key: &str| key.strip_suffix('#').is_some_and(|start| routing_key.starts_with(start));
        assert!(keys.iter().any(|key| goes(key)), "{routing_key} among {keys:?}");
    }
}
