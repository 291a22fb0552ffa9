//! Lists, a page at a time.

use http::header::LINK;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{Problem, Reply, cursor};

/// How many items of a list to answer: 1 to 200, 50 where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(usize);

impl Limit {
    const MAX: usize = 200;

    /// One more than asked for, as PostgreSQL takes it: it tells whether there is a next page.
    pub fn and_one(self) -> i64 {
        i64::try_from(self.0 + 1).unwrap_or(i64::MAX)
    }

    /// Cut what was read ([`Limit::and_one`] at most) to the page, with the cursor of the next one where there is one.
    ///
    /// # Errors
    /// An internal problem where a position has no JSON form.
    pub fn page<T, P: Serialize>(
        self,
        mut items: Vec<T>,
        position: impl FnOnce(&T) -> P,
    ) -> Result<(Vec<T>, Option<String>), Problem> {
        let more = items.len() > self.0;
        items.truncate(self.0);
        let last = items.last().filter(|_| more);
        let next_cursor = last.map(|item| cursor::encode(&position(item))).transpose()?;
        Ok((items, next_cursor))
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = usize::deserialize(deserializer)?;
        match (1..=Self::MAX).contains(&number) {
            true => Ok(Self(number)),
            false => Err(D::Error::custom(format!("from 1 to {}", Self::MAX))),
        }
    }
}

/// Add the `Link` to the next page (RFC 8288): the same address, from `cursor` on.
pub fn next_link(reply: Reply, path: &str, query: &str, cursor: Option<&str>) -> Reply {
    let Some(cursor) = cursor else { return reply };
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "cursor");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("cursor", cursor)
        .finish();
    reply.header(LINK, &format!("<{path}?{query}>; rel=\"next\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_next_one_only_where_more_was_read() {
        let cut = |read: Vec<i32>| Limit(2).page(read, |item| *item).unwrap();
        assert_eq!(cut(vec![]), (vec![], None));
        assert_eq!(cut(vec![1, 2]), (vec![1, 2], None));
        assert_eq!(cut(vec![1, 2, 3]), (vec![1, 2], Some(cursor::encode(&2).unwrap())));
    }

    #[test]
    fn the_next_page_keeps_the_filters() {
        let reply = next_link(Reply::no_content(), "/list", "q=a%20b&cursor=old&limit=2", Some("new"));
        assert_eq!(reply.headers[0].1, "</list?q=a+b&limit=2&cursor=new>; rel=\"next\"");
        assert!(next_link(Reply::no_content(), "/list", "", None).headers.is_empty());
    }
}
