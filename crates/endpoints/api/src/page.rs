//! Lists, a page at a time.

use http::header::LINK;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::Reply;

/// How many items of a list to answer: 1 to 200, 50 where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(usize);

impl Limit {
    const MAX: usize = 200;

    /// The number.
    pub fn get(self) -> usize {
        self.0
    }

    /// One more than asked for, as PostgreSQL takes it: it tells whether there is a next page.
    pub fn and_one(self) -> i64 {
        i64::try_from(self.0 + 1).unwrap_or(i64::MAX)
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
    fn the_next_page_keeps_the_filters() {
        let reply = next_link(Reply::no_content(), "/list", "q=a%20b&cursor=old&limit=2", Some("new"));
        assert_eq!(reply.headers[0].1, "</list?q=a+b&limit=2&cursor=new>; rel=\"next\"");
        assert!(next_link(Reply::no_content(), "/list", "", None).headers.is_empty());
    }
}
