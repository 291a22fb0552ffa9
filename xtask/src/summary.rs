//! Counts tests in what the runners print: cargo test, vitest, node's runner, Playwright,
//! Schemathesis.

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
}

impl Counts {
    /// Adds what one line of output says; most lines say nothing.
    pub fn read(&mut self, line: &str) {
        let line = line.trim();
        if let Some(result) = line.strip_prefix("test result: ") {
            self.add_pairs(result.split(['.', ';']));
        } else if let Some(tests) = line.strip_prefix("Tests ") {
            self.add_pairs(tests.split('|'));
        } else if let Some(count) = node_line(line, "pass") {
            self.passed += count;
        } else if let Some(count) = node_line(line, "fail") {
            self.failed += count;
        } else if let Some(cases) = schemathesis(line) {
            self.add(cases);
        } else if is_playwright(line) {
            self.add_pairs(std::iter::once(line));
        }
    }

    /// Another runner's counts on top.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Reads parts like `12 passed`.
    fn add_pairs<'a>(&mut self, parts: impl Iterator<Item = &'a str>) {
        for part in parts {
            let mut words = part.split_whitespace();
            let (Some(Ok(count)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) else {
                continue;
            };
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                _ => {}
            }
        }
    }
}

/// `# pass 3` (TAP) or `ℹ pass 3` (spec).
fn node_line(line: &str, what: &str) -> Option<u64> {
    let rest = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?;
    rest.strip_prefix(what)?.trim().parse().ok()
}

/// `2 failed` or `5 passed (12.3s)`, alone on its line.
fn is_playwright(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        [count, "passed" | "failed"] => count.parse::<u64>().is_ok(),
        [count, "passed", time] => count.parse::<u64>().is_ok() && time.starts_with('('),
        _ => false,
    }
}

/// `90 generated, 90 passed, 2 skipped`, or with findings `90 generated, 5 found 3 unique failures, 1 errored`.
fn schemathesis(line: &str) -> Option<Counts> {
    let (generated, rest) = line.split_once(" generated, ")?;
    let generated: u64 = generated.parse().ok()?;
    let (mut with_failures, mut failures, mut errored, mut skipped) = (0, 0, 0, 0);
    for part in rest.split(", ") {
        let words: Vec<&str> = part.split_whitespace().collect();
        match words[..] {
            [_, "passed"] => {}
            [cases, "found", unique, "unique", _] => {
                with_failures = cases.parse().ok()?;
                failures = unique.parse().ok()?;
            }
            [cases, "errored"] => errored = cases.parse().ok()?,
            [cases, "skipped"] => skipped = cases.parse().ok()?,
            _ => return None,
        }
    }
    let passed = generated.saturating_sub(with_failures + errored + skipped);
    Some(Counts { passed, failed: failures + errored })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(output: &str) -> (u64, u64) {
        let mut counts = Counts::default();
        output.lines().for_each(|line| counts.read(line));
        (counts.passed, counts.failed)
    }

    #[test]
    fn cargo_binaries_are_added_up() {
        let output = "running 3 tests\ntest a ... ok\n\
             test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s\n";
        assert_eq!(counts(output), (5, 4));
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        let output =
            " Test Files  1 failed | 2 passed (3)\n      Tests  3 failed | 12 passed (15)\n   Start at  1\n";
        assert_eq!(counts(output), (12, 3));
        assert_eq!(counts("      Tests  7 passed (7)\n"), (7, 0));
    }

    #[test]
    fn playwright_counts_its_last_lines_only() {
        let output = "  ✓  1 login.spec.ts:3:1 › logs in (5.1s)\n\n  1 failed\n    login.spec.ts:9:1\n  5 passed (12.3s)\n";
        assert_eq!(counts(output), (5, 1));
    }

    #[test]
    fn node_counts_in_both_of_its_styles() {
        assert_eq!(counts("# tests 4\n# pass 3\n# fail 1\n"), (3, 1));
        assert_eq!(counts("ℹ tests 2\nℹ pass 2\nℹ fail 0\n"), (2, 0));
    }

    #[test]
    fn schemathesis_counts_cases_and_unique_failures() {
        assert_eq!(counts("Test cases:\n  744 generated, 744 passed, 41 skipped\n"), (703, 0));
        assert_eq!(counts("  325 generated, 1 found 1 unique failure, 17 skipped\n"), (307, 1));
        let output = "  374 generated, 9 found 5 unique failures, 6 errored, 20 skipped\n\
             ===== 5 failures, 1 error in 26.64s =====\n";
        assert_eq!(counts(output), (339, 11));
    }

    #[test]
    fn prose_counts_nothing() {
        assert_eq!(counts("3 passed the door and 2 failed\nTests are fun\npassed\n"), (0, 0));
    }
}
