//! What can be done next with what an answer names: links (OpenAPI 3.1, 4.8.20), for readers and for tools that
//! follow them.

use serde_json::{Map, Value, json};

/// Path, method and operation id.
type Operation = (String, String, String);

/// Links each creation to the operations of what it made, and each delete to its undo.
pub fn add(document: &mut Value) {
    let all = operations(document);
    for (path, method, _) in &all {
        let (status, links) = match method.as_str() {
            "post" => ("201", made(path).map_or_else(Map::new, |(item, id)| next(&all, path, &item, id))),
            "delete" => ("204", undo(&all, path)),
            _ => continue,
        };
        let answers = &mut document["paths"][path][method]["responses"];
        if let Some(answer) = answers.get_mut(status).filter(|_| !links.is_empty()) {
            answer["links"] = links.into();
        }
    }
}

/// What starts the timer: an entry that runs.
const STARTS: [&str; 3] = ["/api/v1/timer", "/api/v1/timer/switch", "/api/v1/time-entries/{id}/continue"];

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| {
            (path.clone(), method.clone(), operation["operationId"].as_str().unwrap_or_default().to_owned())
        })
    });
    operations.collect()
}

/// The path of what a POST makes, and where the answer has its id.
fn made(path: &str) -> Option<(String, &'static str)> {
    let entry = || "/api/v1/time-entries/{id}".to_owned();
    match path {
        _ if path == STARTS[0] => Some((entry(), "$response.body#/id")),
        _ if STARTS.contains(&path) => Some((entry(), "$response.body#/started/id")),
        _ if path.ends_with('}') => None,
        _ => Some((format!("{path}/{{id}}"), "$response.body#/id")),
    }
}

/// The operations at `item` and below it; after a start of the timer, those of the timer as well.
fn next(all: &[Operation], path: &str, item: &str, id: &str) -> Map<String, Value> {
    let mut links = Map::new();
    for (other, method, name) in all {
        let mut parameters = Map::new();
        let tag = if other.starts_with(item) {
            parameters.insert("path.id".to_owned(), id.into());
            // The answer's own tag: that of what was made.
            "$response.header.ETag"
        } else if STARTS.contains(&path) && other.starts_with(STARTS[0]) {
            "*"
        } else {
            continue;
        };
        if matches!(method.as_str(), "patch" | "put" | "delete") {
            parameters.insert("header.If-Match".to_owned(), tag.into());
        }
        links.insert(name.clone(), json!({ "operationId": name, "parameters": parameters }));
    }
    links
}

fn undo(all: &[Operation], path: &str) -> Map<String, Value> {
    let restore = all.iter().filter(|(other, ..)| *other == format!("{path}/restore"));
    let link = |name| json!({ "operationId": name, "parameters": { "path.id": "$request.path.id" } });
    restore.map(|(_, _, name)| (name.clone(), link(name))).collect()
}
