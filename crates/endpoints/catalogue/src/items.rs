//! The use cases, over any kind.

use api::sql::Database;
use api::{Call, Done, Limit, Problem, ProblemType, Reply, cursor, expect, next_link, path_id, write};
use chrono::{DateTime, Utc};
use http::StatusCode;
use http::header::LOCATION;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

const FIND: &str = include_str!("sql/find_item.sql");
const LIST: &str = include_str!("sql/list_items.sql");

/// Longest name, in characters.
const MAX_NAME: usize = 100;

/// The colours that new items get where none is said: distinct, and readable on white and on black.
const PALETTE: [&str; 8] =
    ["#4f6bed", "#b4489b", "#c2570c", "#2f8f5b", "#0e7f8c", "#8a5cd1", "#b58a00", "#c43e4f"];

/// An item as the database tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) color: String,
    pub(crate) archived: bool,
    pub(crate) client_id: Option<Uuid>,
    pub(crate) project_id: Option<Uuid>,
    pub(crate) version: i64,
    pub(crate) created_by: Uuid,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

impl Item {
    fn parent(&self) -> Option<Uuid> {
        self.client_id.or(self.project_id)
    }
}

/// What tells the kinds apart.
pub(crate) trait Kind {
    /// As the database knows it.
    const NAME: &'static str;
    /// The collection's path.
    const PATH: &'static str;
    /// The item in an answer.
    type View: Serialize + From<Item>;
}

/// A new item.
pub(crate) struct Wish {
    pub(crate) name: String,
    pub(crate) color: Option<String>,
    pub(crate) parent: Option<Uuid>,
}

/// What is to change; what is none stays.
pub(crate) struct Change {
    pub(crate) name: Option<String>,
    pub(crate) color: Option<String>,
    pub(crate) parent: Option<Option<Uuid>>,
    pub(crate) archived: Option<bool>,
}

/// Which items to list, by name.
pub(crate) struct Filter {
    pub(crate) archived: Option<bool>,
    pub(crate) q: Option<String>,
    pub(crate) parent: Option<Uuid>,
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Position {
    name: String,
    id: Uuid,
}

#[derive(Serialize)]
struct Page<V> {
    items: Vec<V>,
    next_cursor: Option<String>,
}

pub(crate) async fn list<K: Kind>(db: &impl Database, call: &Call, wish: Filter) -> Result<Reply, Problem> {
    let after = cursor::read(wish.cursor.as_deref(), |position: &Position| !position.name.contains('\0'))?;
    let pattern = wish.q.as_deref().map(api::like).transpose()?;
    let parameters = vec![
        K::NAME.into(),
        wish.archived.into(),
        pattern.into(),
        wish.parent.into(),
        after.as_ref().map(|position| position.name.clone()).into(),
        after.map(|position| position.id).into(),
        wish.limit.and_one().into(),
    ];
    let rows = db.query(LIST, parameters).await?;
    let items: Vec<Item> = rows.iter().map(|row| row.read(0)).collect::<Result<_, _>>()?;
    let position = |item: &Item| Position { name: item.name.clone(), id: item.id };
    let (items, next_cursor) = wish.limit.page(items, position)?;
    let page = Page { items: items.into_iter().map(K::View::from).collect(), next_cursor };
    Ok(next_link(Reply::ok(&page)?, K::PATH, &call.query, page.next_cursor.as_deref()))
}

pub(crate) async fn read<K: Kind>(db: &impl Database, call: &Call) -> Result<Reply, Problem> {
    let item = find::<K>(db, path_id(&call.id)?).await?;
    let version = item.version;
    Ok(Reply::ok(&K::View::from(item))?.tagged(version))
}

pub(crate) async fn create<K: Kind>(db: &impl Database, call: &Call, wish: Wish) -> Result<Reply, Problem> {
    let name = name(&wish.name)?;
    let color = wish.color.as_deref().map_or_else(|| Ok(from_palette(&name)), color)?;
    let written = write(db, call, "create_item", async || {
        Ok(
            json!({ "id": Uuid::new_v4(), "kind": K::NAME, "name": name, "color": color, "parent_id": wish.parent }),
        )
    });
    let done: Done<Item> = written.await?;
    let place = format!("{}/{}", K::PATH, done.value.id);
    Ok(answered::<K>(done, StatusCode::CREATED)?.header(LOCATION, &place))
}

pub(crate) async fn change<K: Kind>(db: &impl Database, call: &Call, wish: Change) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    let new_name = wish.name.as_deref().map(name).transpose()?;
    let new_color = wish.color.as_deref().map(color).transpose()?;
    let written = write(db, call, "change_item", async || {
        let old = find::<K>(db, id).await?;
        expect(call, old.version)?;
        Ok(json!({
            "id": id, "kind": K::NAME, "version": old.version,
            "name": new_name.as_ref().unwrap_or(&old.name),
            "color": new_color.as_ref().unwrap_or(&old.color),
            "parent_id": wish.parent.unwrap_or(old.parent()),
            "archived": wish.archived.unwrap_or(old.archived),
        }))
    });
    answered::<K>(written.await?, StatusCode::OK)
}

pub(crate) async fn delete<K: Kind>(db: &impl Database, call: &Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    let written = write(db, call, "delete_item", async || {
        let old = find::<K>(db, id).await?;
        expect(call, old.version)?;
        Ok(json!({ "id": id, "kind": K::NAME, "version": old.version }))
    });
    let done: Done<Json> = written.await?;
    Ok(done.marked(Reply::no_content()))
}

async fn find<K: Kind>(db: &impl Database, id: Uuid) -> Result<Item, Problem> {
    let rows = db.query(FIND, vec![K::NAME.into(), id.into()]).await?;
    Ok(rows.first().ok_or_else(Problem::not_found)?.read(0)?)
}

fn answered<K: Kind>(done: Done<Item>, status: StatusCode) -> Result<Reply, Problem> {
    let version = done.value.version;
    let view = Done { value: K::View::from(done.value), replayed: done.replayed };
    Ok(view.reply(status)?.tagged(version))
}

fn name(text: &str) -> Result<String, Problem> {
    domain::text::name(text, MAX_NAME)
        .map_err(|error| Problem::new(ProblemType::Invalid, format!("{error}.")).field("name"))
}

fn color(text: &str) -> Result<String, Problem> {
    domain::text::color(text).ok_or_else(|| {
        Problem::new(ProblemType::Invalid, "A colour such as #4f6bed: # and six hexadecimal digits.")
            .field("color")
    })
}

/// The same name gets the same colour.
fn from_palette(name: &str) -> String {
    let sum: usize = name.bytes().map(usize::from).sum();
    PALETTE[sum % PALETTE.len()].to_owned()
}
