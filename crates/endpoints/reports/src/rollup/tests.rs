//! Which rollups are read: the tests over PostgreSQL see that the sums are right, these that they are cheap.

use super::*;
use uuid::Uuid;

fn span(from: &str, to: &str) -> Span {
    Span { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

#[test]
fn whole_periods_are_read_as_such_and_what_is_around_them_by_shorter_ones() {
    use Period::{Day, Month, Year};
    for (from, to, longest, expected) in [
        ("2026-01-01", "2026-12-31", Month, vec![(Month, "2026-01-01", "2026-12-31")]),
        ("2026-01-01", "2026-01-31", Month, vec![(Month, "2026-01-01", "2026-01-31")]),
        ("2024-02-01", "2024-02-29", Month, vec![(Month, "2024-02-01", "2024-02-29")]),
        ("2024-02-01", "2024-02-28", Month, vec![(Day, "2024-02-01", "2024-02-28")]),
        ("2026-01-02", "2026-02-27", Month, vec![(Day, "2026-01-02", "2026-02-27")]),
        (
            "2026-01-31",
            "2026-03-01",
            Month,
            vec![
                (Day, "2026-01-31", "2026-01-31"),
                (Month, "2026-02-01", "2026-02-28"),
                (Day, "2026-03-01", "2026-03-01"),
            ],
        ),
        (
            "2026-01-01",
            "2026-03-30",
            Year,
            vec![(Month, "2026-01-01", "2026-02-28"), (Day, "2026-03-01", "2026-03-30")],
        ),
        ("2024-01-01", "2025-12-31", Year, vec![(Year, "2024-01-01", "2025-12-31")]),
        (
            "2023-11-30",
            "2025-01-31",
            Year,
            vec![
                (Day, "2023-11-30", "2023-11-30"),
                (Month, "2023-12-01", "2023-12-31"),
                (Year, "2024-01-01", "2024-12-31"),
                (Month, "2025-01-01", "2025-01-31"),
            ],
        ),
        ("9999-12-01", "9999-12-31", Year, vec![(Month, "9999-12-01", "9999-12-31")]),
        ("0001-01-01", "0001-01-01", Year, vec![(Day, "0001-01-01", "0001-01-01")]),
    ] {
        let expected: Vec<_> =
            expected.into_iter().map(|(period, from, to)| (period, span(from, to))).collect();
        assert_eq!(parts(span(from, to), longest), expected, "{from} {to}");
        assert_eq!(parts(span(from, to), Day), [(Day, span(from, to))]);
    }
}

#[test]
fn the_coarsest_rollup_is_read() {
    let somebody = Some(Uuid::nil());
    for (user, tag, by, tables) in [
        (None, None, &[By::Project][..], &["month_totals"][..]),
        (None, None, &[By::Project, By::Year], &["month_totals"]),
        (None, None, &[By::Client, By::Week], &["day_totals"]),
        (None, None, &[By::User, By::Day], &["user_day_totals"]),
        (None, None, &[By::User, By::Task], &["user_month_totals"]),
        (None, None, &[By::User, By::Year], &["user_year_sums"]),
        (None, None, &[By::User, By::Month], &["user_month_sums"]),
        (None, None, &[By::Week], &["day_sums"]),
        (None, None, &[By::Billable], &["day_sums"]),
        (None, None, &[By::Tag], &["month_tag_sums"]),
        (None, None, &[By::Tag, By::Week], &["day_tag_totals"]),
        (None, None, &[By::Tag, By::User], &["user_month_tag_totals"]),
        (None, somebody, &[By::Month], &["month_tag_sums"]),
        (somebody, None, &[By::Client], &["user_month_totals"]),
        (somebody, None, &[], &["user_year_sums"]),
        (somebody, somebody, &[By::Day], &["user_day_tag_totals"]),
        (None, None, &[], &["day_sums"]),
    ] {
        let scope = Scope { tag, ..Scope::of(user, span("2026-01-01", "2026-12-31")) };
        let (text, _) = statement(&scope, by, WeekStart::Iso);
        let read: Vec<&str> = text
            .split("reporting.")
            .map(|rest| rest.split(' ').next().unwrap())
            .filter(|name| name.ends_with("totals") || name.ends_with("sums"))
            .collect();
        assert_eq!(read, tables, "{by:?} {text}");
    }
}
