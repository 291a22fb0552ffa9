//! What the annotations do not say of the schemas.

use api::ProblemType;
use serde_json::{Value, json};

/// Adds the problem, and sets right what is made of serde's attributes.
pub fn finish(schemas: &mut Value) {
    schemas["Problem"] = problem();
    forget_null_defaults(schemas);
    for schema in schemas.as_object_mut().into_iter().flatten() {
        if schema.1["additionalProperties"] == false {
            bound_texts(&mut schema.1["properties"]);
        }
    }
    // `deny_unknown_fields` holds for an enum's variants too.
    for variant in schemas["BulkItem"]["oneOf"].as_array_mut().into_iter().flatten() {
        variant["additionalProperties"] = false.into();
    }
}

/// What `domain::text` and the zones allow of texts in requests.
fn bound_texts(properties: &mut Value) {
    for (name, pattern) in [("name", NAME), ("description", TEXT), ("zone", ZONE)] {
        if properties[name]["type"] != Value::Null {
            properties[name]["pattern"] = pattern.into();
        }
        if name == "zone" && properties[name].is_object() {
            properties[name]["examples"] = json!(["Europe/Zurich"]);
        }
    }
}

/// No control characters but line breaks and tabs.
const TEXT: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$";
/// The same, and not blank.
const NAME: &str = concat!(
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*",
    r"[^\u0000-\u001f\u007f-\u009f\s]",
    r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
);
const ZONE: &str = "^[A-Za-z0-9_+/-]+$";

/// A field that may be absent is no field that is null where it is absent: a change tells these two apart.
fn forget_null_defaults(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("default").is_some_and(Value::is_null) {
                members.remove("default");
            }
            members.values_mut().for_each(forget_null_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_null_defaults),
        _ => {}
    }
}

fn problem() -> Value {
    let types: Vec<String> = ProblemType::ALL.iter().map(|kind| kind.reference()).collect();
    json!({
        "type": "object",
        "description": "A refusal (RFC 9457). Some types have members of their own.",
        "required": ["type", "title", "status", "detail", "request_id"],
        "properties": {
            "type": { "type": "string", "enum": types, "description": "Stable; its page says what to do." },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "For people." },
            "field": { "type": "string", "description": "The field, parameter or header to blame, as a path." },
            "request_id": { "type": "string" },
        },
    })
}
