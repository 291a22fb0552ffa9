//! The document is what the code says, and says all that it must.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn what_is_checked_in_is_what_the_code_says() {
    for page in openapi::pages() {
        let there = fs::read_to_string(root().join(&page.path)).unwrap_or_default();
        assert!(there == page.content, "{} is stale: run `cargo run -p openapi`", page.path);
    }
    let made: BTreeSet<String> = openapi::pages().into_iter().map(|page| page.path).collect();
    for file in fs::read_dir(root().join("openapi/problems")).unwrap() {
        let path = format!("openapi/problems/{}", file.unwrap().file_name().to_str().unwrap());
        assert!(made.contains(&path), "{path} is no problem's page any more: delete it");
    }
}

fn by_method(path: &str, item: &Value) -> Vec<String> {
    let methods = item.as_object().unwrap().keys();
    methods
        .map(|method| format!("{} {}", method.to_uppercase(), path.replace('{', ":").replace('}', "")))
        .collect()
}

#[test]
fn endpoints_document_and_spin_toml_name_the_same_routes_and_methods() {
    let listed: BTreeSet<String> = openapi::operations().iter().map(openapi::Listed::name).collect();
    let document = openapi::document();
    let paths = document["paths"].as_object().unwrap();
    let documented: BTreeSet<String> = paths.iter().flat_map(|(path, item)| by_method(path, item)).collect();
    assert_eq!(listed, documented);

    let manifest: toml::Table = fs::read_to_string(root().join("spin.toml")).unwrap().parse().unwrap();
    let routed: BTreeSet<&str> = manifest["trigger"]["http"]
        .as_array()
        .unwrap()
        .iter()
        .map(|trigger| trigger["route"].as_str().unwrap())
        .filter(|route| route.starts_with("/api/"))
        .collect();
    let routes: BTreeSet<&str> = openapi::operations().iter().map(|operation| operation.route).collect();
    assert_eq!(routed, routes);
}

/// Every operation with its name.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let items = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    items.collect()
}

#[test]
fn every_operation_has_a_summary_an_example_and_its_refusals() {
    let document = openapi::document();
    let with_example = |media: &Value| {
        let schema = match media["schema"]["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => &media["schema"],
        };
        media.get("example").or(schema.get("example")).or(media.get("examples")).is_some()
    };
    for (name, operation) in operations(&document) {
        assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{name}");
        for media in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            assert!(with_example(media.1), "{name} has no example of a request");
        }
        let responses = operation["responses"].as_object().unwrap();
        let success: Vec<_> = responses.iter().filter(|(status, _)| status.starts_with('2')).collect();
        assert_eq!(success.len(), 1, "{name}");
        for media in success[0].1["content"].as_object().into_iter().flatten() {
            assert!(with_example(media.1), "{name} has no example of an answer");
        }
        let login = operation["security"] != serde_json::json!([]);
        let statuses: &[&str] = if login { &["400", "401", "403", "429"] } else { &["400", "404", "429"] };
        for status in statuses.iter().copied() {
            assert!(responses.contains_key(status), "{name} does not tell of {status}");
        }
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('4')) {
            let response = match response["$ref"].as_str() {
                Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
                None => response,
            };
            let examples = &response["content"]["application/problem+json"]["examples"];
            assert!(examples.as_object().is_some_and(|all| !all.is_empty()), "{name} {status}");
        }
    }
}

#[test]
fn only_links_need_no_login() {
    let document = openapi::document();
    let open: Vec<_> = operations(&document)
        .into_iter()
        .filter(|(_, operation)| operation.get("security").is_some())
        .map(|(name, _)| name)
        .collect();
    assert_eq!(open, ["get /api/v1/shared-reports/{token}"]);
}

#[test]
fn operation_ids_are_unique_and_references_lead_somewhere() {
    let document = openapi::document();
    let ids: Vec<_> = operations(&document)
        .iter()
        .map(|(_, operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[test]
fn what_was_made_is_linked_to_what_can_be_done_with_it() {
    let document = openapi::document();
    let all = operations(&document);
    let linked = |name: &str, status: &str| -> BTreeSet<String> {
        let (_, operation) = all.iter().find(|(other, _)| other == name).unwrap();
        let links = operation["responses"][status]["links"].as_object().unwrap();
        links.keys().cloned().collect()
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(linked("post /api/v1/tags", "201"), names(&["read_tag", "change_tag", "delete_tag"]));
    let entry = linked("post /api/v1/time-entries", "201");
    assert!(entry.contains("restore_entry") && entry.contains("entry_history"), "{entry:?}");
    for path in ["timer", "timer/switch", "time-entries/{id}/continue"] {
        let started = linked(&format!("post /api/v1/{path}"), "201");
        assert!(started.is_superset(&entry) && started.contains("stop_timer"), "{path} {started:?}");
    }
    assert_eq!(linked("delete /api/v1/time-entries/{id}", "204"), names(&["restore_entry"]));

    for (name, operation) in &all {
        for link in operation["responses"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|answer| answer["links"].as_object())
        {
            for link in link.values() {
                let (_, target) =
                    all.iter().find(|(_, target)| target["operationId"] == link["operationId"]).unwrap();
                let given = link["parameters"].as_object().unwrap();
                for parameter in target["parameters"].as_array().unwrap() {
                    let key = format!(
                        "{}.{}",
                        parameter["in"].as_str().unwrap(),
                        parameter["name"].as_str().unwrap()
                    );
                    assert!(
                        parameter["required"] == false || given.contains_key(&key),
                        "{name} → {link}: {key}"
                    );
                }
            }
        }
    }
}
