//! A text to look for, as a pattern of SQL's LIKE.

use crate::{Problem, ProblemType};

const MAX: usize = 200;

/// The pattern of whatever contains `text`, in the Unicode form in which text is stored; what means something to LIKE
/// stands for itself.
///
/// # Errors
/// `malformed`, naming `q`: too long, or with a NUL, which PostgreSQL does not take.
pub fn like(text: &str) -> Result<String, Problem> {
    if text.chars().count() > MAX || text.contains('\0') {
        return Err(Problem::new(ProblemType::Malformed, format!("At most {MAX} characters.")).field("q"));
    }
    let text = domain::text::normalized(text);
    Ok(format!("%{}%", text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")))
}
