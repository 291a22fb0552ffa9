//! What a guest's statements can have left in a session.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use aho_corasick::AhoCorasick;

/// What statements that read and change rows begin with. No transaction is begun by one, nor any setting made.
const PLAIN: [&str; 6] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"];

/// But for these: settings, locks of the session, temporary tables.
static LEAVING: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let builder =
        AhoCorasick::builder().ascii_case_insensitive(true).build(["set_config", "advisory", "temp"]);
    builder.expect("words make an automaton")
});

/// Counts the statements of a session that may have left something: a transaction, a setting, a lock, a table, or that
/// run still.
#[derive(Default)]
pub struct Statements(AtomicUsize);

impl Statements {
    /// One is sent.
    pub fn begun(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// It ended. One that failed by itself was undone by the server.
    pub fn ended(&self, statement: &str) {
        if leaves_nothing(statement) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Whether the session is as it was before.
    pub fn left_nothing(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

fn leaves_nothing(statement: &str) -> bool {
    let word =
        statement.trim_start().split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    PLAIN.iter().any(|plain| plain.eq_ignore_ascii_case(word)) && !LEAVING.is_match(statement)
}

#[cfg(test)]
mod tests {
    use super::leaves_nothing;

    #[test]
    fn rows_are_read_and_changed_without_a_trace() {
        for plain in [
            "SELECT 1",
            "\n  select id FROM items",
            "WITH a AS (SELECT 1) INSERT INTO items SELECT * FROM a",
            "UPDATE items SET name = $1",
            "(SELECT 1)",
        ] {
            assert_eq!(leaves_nothing(plain), !plain.starts_with('('), "{plain}");
        }
        for leaving in [
            "BEGIN",
            "SET work_mem = '77MB'",
            "SELECT pg_advisory_lock(7)",
            "SELECT Set_Config('role', 'other', false)",
            "SELECT 1 INTO TEMP left_over",
            "create temp table left_over (n int)",
            "LISTEN changes",
            "selection",
            "-- a comment\nBEGIN",
            "",
        ] {
            assert!(!leaves_nothing(leaving), "{leaving}");
        }
    }
}
