//! Many rows in one statement, with a static text, the same for both engines but for its places.
//!
//! A text holds places for 1, 8 or 64 rows; the smallest that fits is taken, and what is left over is filled with nulls,
//! which the statement has to pass over. (Rows as one JSON parameter would need no filling, but SQLite parses each row's
//! JSON again for every column, which cost more than all the rest of a batch together.)

use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

use crate::{StoreError, sql::Engine};

/// How many rows the texts hold.
pub(crate) const SIZES: [usize; 3] = [1, 8, 64];

/// One column of one row. Nulls have types, because PostgreSQL wants to know.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Id(Option<Uuid>),
    Number(Option<i64>),
    Text(Option<String>),
}

/// A row of `N` columns.
pub(crate) type Cells<const N: usize> = [Cell; N];

/// A statement around `(VALUES ($1, …), …) AS n`, whose columns both engines call `column1` and so on.
pub(crate) struct Many<const N: usize> {
    sqlite: [String; SIZES.len()],
    postgres: [String; SIZES.len()],
}

/// As many rows as one text holds, filled up.
pub(crate) struct Portion<const N: usize> {
    /// Where its size stands in [`SIZES`].
    pub(crate) size: usize,
    pub(crate) rows: Vec<Cells<N>>,
}

/// Binds cells, one after the other, to the places of a statement.
macro_rules! bind {
    ($query:expr, $cells:expr) => {{
        let mut query = $query;
        for cell in $cells {
            query = match cell {
                $crate::many::Cell::Id(id) => query.bind(id),
                $crate::many::Cell::Number(number) => query.bind(number),
                $crate::many::Cell::Text(text) => query.bind(text),
            };
        }
        query
    }};
}
pub(crate) use bind;

impl<const N: usize> Many<N> {
    pub(crate) fn new(before: &str, after: &str) -> Self {
        let text =
            |rows, place: fn(usize) -> String| format!("{before} (VALUES {}) AS n {after}", places(rows, N, place));
        // SQLite counts bare places by itself, and looks up numbered ones one by one.
        Self {
            sqlite: SIZES.map(|rows| text(rows, |_| "?".to_owned())),
            postgres: SIZES.map(|rows| text(rows, |n| format!("${n}"))),
        }
    }

    /// Its text for SQLite, as a part of a script.
    pub(crate) fn sqlite(&self, size: usize) -> &str {
        &self.sqlite[size]
    }

    /// Runs it over all rows.
    pub(crate) async fn run(&'static self, engine: &mut Engine<'_>, rows: Vec<Cells<N>>) -> Result<(), StoreError> {
        for Portion { size, rows } in portions(rows) {
            let cells = rows.into_iter().flatten();
            match engine.again() {
                Engine::Sqlite(c) => bind!(sqlx::query(self.sqlite[size].as_str()), cells).execute(c).await.map(|_| ()),
                Engine::Postgres(c) => {
                    bind!(sqlx::query(self.postgres[size].as_str()), cells).execute(c).await.map(|_| ())
                }
            }?;
        }
        Ok(())
    }

    /// Runs it over all rows and collects what it answers.
    pub(crate) async fn all<R>(
        &'static self,
        engine: &mut Engine<'_>,
        rows: Vec<Cells<N>>,
    ) -> Result<Vec<R>, StoreError>
    where
        R: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
    {
        let mut all = Vec::new();
        for Portion { size, rows } in portions(rows) {
            let cells = rows.into_iter().flatten();
            all.extend(match engine.again() {
                Engine::Sqlite(c) => {
                    bind!(sqlx::query_as::<_, R>(self.sqlite[size].as_str()), cells).fetch_all(c).await
                }
                Engine::Postgres(c) => {
                    bind!(sqlx::query_as::<_, R>(self.postgres[size].as_str()), cells).fetch_all(c).await
                }
            }?);
        }
        Ok(all)
    }
}

/// Portions of the rows.
fn portions<const N: usize>(rows: Vec<Cells<N>>) -> impl Iterator<Item = Portion<N>> {
    let mut rest = rows.into_iter();
    std::iter::from_fn(move || Portion::whole(rest.by_ref().take(SIZES[SIZES.len() - 1]).collect()))
}

impl<const N: usize> Portion<N> {
    /// All of these rows; `None` when there are none, or more than fit.
    pub(crate) fn whole(mut rows: Vec<Cells<N>>) -> Option<Self> {
        let nulls = rows.first()?.each_ref().map(Cell::null);
        let size = SIZES.iter().position(|size| *size >= rows.len())?;
        rows.resize(SIZES[size], nulls);
        Some(Self { size, rows })
    }
}

impl Cell {
    /// Nothing, of the same type.
    const fn null(&self) -> Self {
        match self {
            Self::Id(_) => Self::Id(None),
            Self::Number(_) => Self::Number(None),
            Self::Text(_) => Self::Text(None),
        }
    }
}

impl From<Uuid> for Cell {
    fn from(id: Uuid) -> Self {
        Self::Id(Some(id))
    }
}

impl From<Option<Uuid>> for Cell {
    fn from(id: Option<Uuid>) -> Self {
        Self::Id(id)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(Some(number.into()))
    }
}

impl From<Option<u32>> for Cell {
    fn from(number: Option<u32>) -> Self {
        Self::Number(number.map(i64::from))
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

/// `($1, $2), ($3, $4)`
fn places(rows: usize, columns: usize, place: impl Fn(usize) -> String) -> String {
    let row = |row| {
        let places: Vec<String> = (1..=columns).map(|column| place(row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    rows.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_hold_a_place_for_every_cell() {
        let many = Many::<2>::new("SELECT * FROM", "WHERE 1");
        assert_eq!(many.postgres[0], "SELECT * FROM (VALUES ($1, $2)) AS n WHERE 1");
        assert!(many.postgres[1].contains("($1, $2), ($3, $4), ") && many.postgres[1].contains(", ($15, $16)) AS n"));
        assert_eq!(many.sqlite[0], "SELECT * FROM (VALUES (?, ?)) AS n WHERE 1");
    }

    #[test]
    fn portions_are_filled_up() {
        for (rows, sizes) in [(0, &[][..]), (1, &[1]), (2, &[8]), (8, &[8]), (9, &[64]), (64, &[64]), (70, &[64, 8])] {
            let rows: Vec<_> = (0..rows).map(|n: u32| [Cell::from(n), Cell::from("x")]).collect();
            let portions: Vec<_> = portions(rows).map(|portion| portion.rows.len()).collect();
            assert_eq!(portions, sizes);
        }
    }
}
