//! One cell with its people and how many reports it had: of grids, but it counts reports.

use super::store;
use crate::call::Asked;
use crate::grids;
use crate::refuse::Refused;
use domain::grids::{Cell, ShowCell};

/// Answers with a cell of the edition in force.
pub async fn show_cell(asked: Asked, question: ShowCell) -> Result<Cell, Refused> {
    let live = asked.app.live.now_kept();
    let Some(cell) = live.cell_with_code(&question.code) else {
        return Err(grids::no_cell(&question.code).into());
    };
    let under = grids::codes_under(&live, cell);
    let db = asked.app.db.client().await?;
    let reports = store::reports_of_year(&**db, &under).await?;
    let row = &cell.row;
    Ok(Cell {
        code: row.code.clone(),
        name: row.name.clone(),
        level: row.level,
        parent: cell.parents.first().cloned(),
        area_m2: row.area_m2,
        label_at: row.label_at.unwrap_or_default(),
        bounds: row.bounds.unwrap_or(live.edition.bounds),
        blank_zones: cell.blank_zones,
        reports,
        contacts: cell.contacts.clone(),
    })
}
