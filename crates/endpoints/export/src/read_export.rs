//! `GET /api/v1/reports/export`: which file of which entries.

use api::sql::{Database, Error};
use api::{Call, Caller, Outlet, Problem, ProblemType, Reply, query};
use endpoints_reports::{EntryLine, Filter, filtered_query, page};
use http::header::CONTENT_DISPOSITION;
use serde::{Deserialize, Serialize};

use crate::{Line, Title, csv_file, ods_file, pdf_file, xlsx_file};

/// How many rows a file may have that must be whole before it is sent.
const MAX_ROWS: usize = 20_000;
/// How many lines are read, and sent, at a time.
const STEP: i64 = 2_000;

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
enum Format {
    /// Comma-separated values, of any length.
    Csv,
    /// A sheet for Excel.
    Xlsx,
    /// A sheet for LibreOffice.
    Ods,
    /// Pages to hand out.
    Pdf,
}

filtered_query! {
    struct ExportWish {
        /// The kind of file. All but `csv` have at most 20,000 rows.
        #[cfg_attr(feature = "openapi", param(inline))]
        format: Format,
        /// A text in the description or in the name of project, client, task or tag.
        #[cfg_attr(feature = "openapi", param(nullable = false, max_length = 200, pattern = "^[^\\u0000]*$"))]
        q: Option<String>,
        /// Whether a CSV file begins with a byte order mark, without which Excel does not read it as UTF-8; `true` where
        /// nothing is said. The other formats have none.
        #[cfg_attr(feature = "openapi", param(nullable = false))]
        bom: Option<bool>,
    }
}

impl ExportWish {
    fn filter(&self, caller: &Caller) -> Result<Filter, Problem> {
        Filter::new(self.scope(caller)?, self.q.as_deref())
    }

    /// `time-2026-05-01-2026-05-31.csv`
    fn disposition(&self, extension: &str) -> String {
        format!("attachment; filename=\"time-{}-{}.{extension}\"", self.from, self.to)
    }
}

/// What `answer` says to `follow`: the query again, which was found right.
#[derive(Serialize, Deserialize)]
struct OpenedExport {
    query: String,
}

/// Export the entries behind a report
///
/// The entries of the detailed report as a file, newest first. Times are by the clock of the entry's zone. `tags` has all
/// tags of an entry, separated by a comma and a space; a tag that contains a comma or a quote is quoted, its quotes doubled.
///
/// CSV (RFC 4180, UTF-8) comes piece by piece and has any length; all its cells are quoted. In its texts an apostrophe comes
/// before each `=`, `+`, `-`, `@` or its full-width form that a spreadsheet could take for the begin of a formula: at the
/// begin of the text and after a semicolon, a tab or a line break, white space, quotes and apostrophes between them
/// not counted; and before a text that begins with a tab or a line break. In XLSX and ODS a text is never a formula
/// and stays as it is, except that a character that XML forbids becomes U+FFFD and every line break one LF.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/reports/export", tag = "reports", params(ExportWish),
    responses((status = 200, description = "The file", content(
        (String = "text/csv", example = "\"start\",\"end\",\"zone\",\"user\"\r\n"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", example = "(binary)"),
        (Vec<u8> = "application/vnd.oasis.opendocument.spreadsheet", example = "(binary)"),
        (Vec<u8> = "application/pdf", example = "(binary)"),
    ))),
))]
pub(crate) async fn read_export(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: ExportWish = query(&call.query)?;
    let filter = wish.filter(&call.caller)?;
    if wish.format == Format::Csv {
        let reply = Reply::stream(csv_file::CONTENT_TYPE, &OpenedExport { query: call.query })?;
        return Ok(reply.header(CONTENT_DISPOSITION, &wish.disposition("csv")));
    }
    let lines = lines(db, &filter).await?;
    let fault = |error: String| Error::Fault(format!("the file: {error}"));
    let (extension, content_type, file) = match wish.format {
        Format::Csv | Format::Xlsx => {
            ("xlsx", xlsx_file::CONTENT_TYPE, xlsx_file::file(&lines).map_err(|error| error.to_string()))
        }
        Format::Ods => {
            ("ods", ods_file::CONTENT_TYPE, ods_file::file(&lines).map_err(|error| error.to_string()))
        }
        Format::Pdf => ("pdf", pdf_file::CONTENT_TYPE, pdf_file::file(&title(&call.query), &lines)),
    };
    let reply = Reply::file(content_type, file.map_err(fault)?);
    Ok(reply.header(CONTENT_DISPOSITION, &wish.disposition(extension)))
}

/// All lines of a file that has a bound.
async fn lines(db: &impl Database, filter: &Filter) -> Result<Vec<Line>, Problem> {
    let mut lines: Vec<Line> = Vec::new();
    let mut pages = Pages { filter, after: None, ended: false };
    while let Some(page) = pages.next(db).await? {
        lines.extend(page.into_iter().map(Line::from));
        if lines.len() > MAX_ROWS {
            return Err(Problem::from(ProblemType::TooManyRows).field("format").with("max_rows", MAX_ROWS));
        }
    }
    Ok(lines)
}

/// Write the file to who listens, some lines at a time: what is in memory does not grow with the file.
pub(crate) async fn stream_csv(mut outlet: impl Outlet, caller: &Caller, opened: &[u8]) {
    if write_csv(&mut outlet, caller, opened).await.is_err() {
        // The database has said why (`guest`): a part must not look like the whole.
        outlet.fail().await;
    }
}

async fn write_csv(outlet: &mut impl Outlet, caller: &Caller, opened: &[u8]) -> Result<(), Problem> {
    let internal = |error: &dyn std::fmt::Display| Problem::new(ProblemType::Internal, error.to_string());
    let OpenedExport { query: asked } = serde_json::from_slice(opened).map_err(|error| internal(&error))?;
    let wish = query::<ExportWish>(&asked)?;
    let filter = wish.filter(caller)?;
    let bom = if wish.bom.unwrap_or(true) { csv_file::BOM } else { "" };
    outlet.send(bom.to_owned() + &csv_file::header().map_err(|error| internal(&error))?).await;
    let mut pages = Pages { filter: &filter, after: None, ended: false };
    while outlet.is_open() {
        let Some(page) = pages.next(&outlet.database()).await? else { break };
        let lines: Vec<Line> = page.into_iter().map(Line::from).collect();
        outlet.send(csv_file::lines(&lines).map_err(|error| internal(&error))?).await;
    }
    Ok(())
}

/// Lines, page by page to the end.
struct Pages<'a> {
    filter: &'a Filter,
    after: Option<endpoints_reports::Position>,
    ended: bool,
}

impl Pages<'_> {
    async fn next(&mut self, db: &impl Database) -> Result<Option<Vec<EntryLine>>, Error> {
        if self.ended {
            return Ok(None);
        }
        let lines = page(db, self.filter, self.after, STEP).await?;
        self.after = lines.last().map(EntryLine::position);
        self.ended = i64::try_from(lines.len()).is_ok_and(|count| count < STEP);
        Ok(Some(lines))
    }
}

/// What a PDF says of itself: what was asked for, as it was asked.
fn title(asked: &str) -> Title {
    let pairs: Vec<(String, String)> = query(asked).unwrap_or_default();
    let filters = pairs.into_iter().filter(|(name, _)| !matches!(name.as_str(), "format" | "bom"));
    Title {
        title: "Time report".to_owned(),
        filters: filters.map(|(name, value)| format!("{name} {value}")).collect(),
    }
}
