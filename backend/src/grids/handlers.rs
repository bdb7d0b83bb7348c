//! Look-ups, answered from memory, and the list of editions.

use super::{answer, features, many, search, store, tiles};
use crate::call::{Asked, Routes};
use crate::grids::live::{Live, LiveCell};
use crate::grids::store::CellRow;
use crate::refuse::Refused;
use domain::grids::{Edition, Editions, Locate, Located};
use domain::people::Scope;
use domain::{Kind, Place, Refusal};

/// The calls of this noun.
pub fn routes() -> Routes {
    Routes::new()
        .call(locate)
        .call(editions)
        .call(search::search)
        .and(many::routes())
        .and(features::routes())
        .and(tiles::routes())
}

async fn locate(asked: Asked, question: Locate) -> Result<Located, Refused> {
    let Locate { lng, lat, datum, accuracy_m } = question;
    let at = answer::position(&Place { lng, lat, datum })?;
    let accuracy_m = answer::accuracy(accuracy_m)?;
    if accuracy_m.is_some_and(|metres| metres > LONG_M) {
        // Weighing a wide disc takes long: off the threads that answer everybody.
        let live = asked.app.live.now_kept();
        let located = move || answer::located(&live, at, accuracy_m);
        return Ok(tokio::task::spawn_blocking(located).await.map_err(anyhow::Error::from)?);
    }
    Ok(answer::located(&asked.app.live.now(), at, accuracy_m))
}

/// A disc of this radius in metres crosses so many borders that weighing it takes milliseconds.
const LONG_M: f64 = 500.0;

async fn editions(asked: Asked, _: Editions) -> Result<Vec<Edition>, Refused> {
    Ok(store::editions(&**asked.app.db.client().await?).await?)
}

/// The codes of the level-3 cells under the cell with this code, of any level.
///
/// # Errors
/// Missing when no cell has it.
pub fn codes_under_code(live: &Live, code: &str) -> Result<Vec<String>, Refusal> {
    let cell = live.cell_with_code(code).ok_or_else(|| no_cell(code))?;
    Ok(codes_under(live, cell))
}

/// The codes of the level-3 cells that make up this cell.
pub fn codes_under(live: &Live, cell: &LiveCell) -> Vec<String> {
    let is_under = |other: &&LiveCell| {
        let mut chain = other.above.iter().map(|&i| &live.cells[i].row);
        other.row.level == 3
            && (std::ptr::eq(*other, cell)
                || chain.any(|row| (row.level, &row.code) == (cell.row.level, &cell.row.code)))
    };
    live.cells.iter().filter(is_under).map(|other| other.row.code.clone()).collect()
}

/// The codes of the level-3 cells somebody is posted to, and of those under the others that they
/// are posted to. A post at a cell that is not drawn any more still counts.
pub fn codes_in_scope(live: &Live, scope: &Scope) -> Vec<String> {
    let posted = |row: &CellRow| scope.on_level(row.level).contains(&row.code);
    let under = |cell: &&LiveCell| {
        cell.row.level == 3 && cell.above.iter().any(|&i| posted(&live.cells[i].row))
    };
    let under = live.cells.iter().filter(under).map(|cell| &cell.row.code);
    let mut codes: Vec<String> = under.chain(scope.on_level(3)).cloned().collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The refusal for a code no cell has.
pub fn no_cell(code: &str) -> Refusal {
    Refusal::new(
        Kind::Missing,
        format!("现行版本中没有编码为“{code}”的网格，请检查编码，或按名称搜索。"),
        format!(
            "No cell of the edition in force has the code “{code}”: check it or search by name."
        ),
    )
    .at("code")
}
