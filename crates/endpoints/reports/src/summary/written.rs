//! A summary as JSON. serde_json looks through each key and each id for what must be escaped, which took longer than
//! anything else for thousands of groups: their keys are written as they are here, and looked through is what people have named.

use serde_json::{Result, to_writer};
use uuid::Uuid;

use super::SummaryView;
use crate::by::{By, Key, KeyValue};
use crate::groups::Group;

/// Bytes that a group has about, with one key.
const USUAL: usize = 192;

impl SummaryView {
    /// What serde makes of it.
    ///
    /// # Errors
    /// It has no JSON form.
    pub(super) fn into_json(mut self) -> Result<Vec<u8>> {
        let groups = std::mem::take(&mut self.groups);
        let mut json = Vec::with_capacity(USUAL * (1 + groups.len()));
        to_writer(&mut json, &self)?;
        json.truncate(json.len() - "]}".len());
        let begins = self.group_by.iter().map(key_begin).collect::<Result<Vec<_>>>()?;
        for (at, group) in groups.iter().enumerate() {
            if at > 0 {
                json.push(b',');
            }
            write_group(&mut json, group, &begins)?;
        }
        json.extend_from_slice(b"]}");
        Ok(json)
    }
}

/// `{"by":"project","key":`
fn key_begin(by: &By) -> Result<Vec<u8>> {
    let mut begin = b"{\"by\":".to_vec();
    to_writer(&mut begin, by)?;
    begin.extend_from_slice(b",\"key\":");
    Ok(begin)
}

fn write_group(json: &mut Vec<u8>, group: &Group, begins: &[Vec<u8>]) -> Result<()> {
    json.extend_from_slice(b"{\"keys\":[");
    for (level, (key, begin)) in group.keys.iter().zip(begins).enumerate() {
        if level > 0 {
            json.push(b',');
        }
        json.extend_from_slice(begin);
        write_key(json, key)?;
    }
    json.extend_from_slice(b"],\"seconds\":");
    to_writer(&mut *json, &group.totals.seconds)?;
    json.extend_from_slice(b",\"rounded_seconds\":");
    to_writer(&mut *json, &group.totals.rounded_seconds)?;
    json.extend_from_slice(b",\"amounts\":");
    to_writer(&mut *json, &group.totals.amounts)?;
    json.push(b'}');
    Ok(())
}

/// What follows `"key":`.
fn write_key(json: &mut Vec<u8>, key: &Key) -> Result<()> {
    if let KeyValue::Id(id) = key.key {
        json.push(b'"');
        json.extend_from_slice(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
        json.push(b'"');
    } else {
        to_writer(&mut *json, &key.key)?;
    }
    json.extend_from_slice(b",\"name\":");
    to_writer(&mut *json, &key.name)?;
    json.extend_from_slice(b",\"color\":");
    to_writer(&mut *json, &key.color)?;
    json.push(b'}');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::groups::{Amount, Totals};
    use chrono::NaiveDate;

    fn view(groups: Vec<Group>, group_by: Vec<By>) -> SummaryView {
        let (from, to) = (NaiveDate::MIN, NaiveDate::MAX);
        SummaryView { from, to, group_by, week_start: None, totals: Totals::of(&groups), groups }
    }

    #[test]
    fn it_is_what_serde_makes_of_it() {
        let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
        let key = |by, key, name: Option<&str>, color: Option<&str>| Key {
            by,
            key,
            name: name.map(str::to_owned),
            color: color.map(str::to_owned),
        };
        let money = Amount { currency: "CHF".to_owned(), amount: -12 };
        let totals = Totals { seconds: 5, rounded_seconds: 900, amounts: vec![money] };
        let project =
            key(By::Project, KeyValue::Id(Uuid::from_u128(7)), Some("\"A\\\n\u{1}ö\""), Some("#00ff00"));
        let groups = vec![
            Group { keys: vec![project, key(By::Month, KeyValue::Month(day), None, None)], totals },
            Group {
                keys: vec![
                    key(By::Project, KeyValue::None, None, None),
                    key(By::Month, KeyValue::Day(day), Some("W"), None),
                ],
                totals: Totals::default(),
            },
            Group {
                keys: vec![key(By::Project, KeyValue::Flag(true), None, None)],
                totals: Totals::default(),
            },
        ];
        for (groups, by) in [(groups, vec![By::Project, By::Month]), (Vec::new(), vec![By::User])] {
            let by_serde = serde_json::to_string(&view(groups.clone(), by.clone())).unwrap();
            let json = view(groups, by).into_json().unwrap();
            assert_eq!(String::from_utf8(json).unwrap(), by_serde);
        }
    }
}
