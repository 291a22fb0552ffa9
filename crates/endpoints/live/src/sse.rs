//! How events read on the wire: the event stream format of the HTML standard.

use serde_json::Value as Json;

/// How long a reader waits before it comes back, in milliseconds.
const RETRY: u32 = 1000;

/// A change, as the reader gets it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    /// Its number among the reader's.
    pub(crate) number: i64,
    /// What happened: `time_entry.changed`.
    pub(crate) kind: String,
    /// What is told of it.
    pub(crate) data: Json,
}

/// What a stream begins with. The number without an event makes a reader that sees nothing come back to this place.
pub(crate) fn opening(after: i64) -> String {
    format!("retry: {RETRY}\nid: {after}\n\n")
}

/// A change as an event. JSON text has no line breaks, so it is one line of data.
pub(crate) fn event(change: &Change) -> String {
    format!("id: {}\nevent: {}\ndata: {}\n\n", change.number, change.kind, change.data)
}

/// A comment, which readers pass over: it keeps the connection from looking dead, and finds out whether it is.
pub(crate) const HEARTBEAT: &str = ":\n\n";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_event_is_three_lines_and_an_empty_one() {
        let data = json!({ "after": { "description": "two\nlines \u{2028}" }, "type": "tag.created" });
        let text = event(&Change { number: 17, kind: "tag.created".to_owned(), data: data.clone() });
        let lines: Vec<&str> = text.split('\n').collect();
        assert_eq!((lines[0], lines[1], &lines[3..]), ("id: 17", "event: tag.created", &["", ""][..]));
        assert_eq!(serde_json::from_str::<Json>(lines[2].strip_prefix("data: ").unwrap()).unwrap(), data);
    }

    #[test]
    fn the_opening_sets_the_number_and_tells_nothing() {
        assert_eq!(opening(3), "retry: 1000\nid: 3\n\n");
    }
}
