//! The edition in force, kept in memory by every server process and swapped whole.
//!
//! A look-up reads one pointer and never waits: no lock, no database. [`follow`] hears of a new
//! edition (or of changed people) on the channel "wangge" of PostgreSQL, whichever process
//! published it, builds the index beside the running one and swaps.

use super::store::{self, CellRow, ZoneRow};
use crate::people;
use arc_swap::ArcSwap;
use domain::grids::Edition;
use domain::people::{Contact, Role};
use domain::word::Word;
use spatial::{FaceId, Locator, Partition};
use std::collections::HashMap;
use std::sync::Arc;
use tokio_postgres::Client;

/// A cell with everything an answer says about it, ready to be copied out.
#[derive(Clone, Debug)]
pub struct LiveCell {
    /// As stored.
    pub row: CellRow,
    /// Indexes of the cells above it in [`Live::cells`], nearest first.
    pub above: Vec<usize>,
    /// Their codes.
    pub parents: Vec<String>,
    /// Whom to call: its people, then those of the cells above; the duty desk if there are none.
    pub contacts: Arc<[Contact]>,
    /// Blank zones it owns.
    pub blank_zones: i64,
}

/// An edition as every look-up sees it.
pub struct Live {
    /// Which.
    pub edition: Edition,
    /// Cells of all levels, by level and code.
    pub cells: Vec<LiveCell>,
    /// Who answers when no cell does; never empty.
    pub duty_desk: Arc<[Contact]>,
    /// Finds the face of a position.
    pub locator: Arc<Locator>,
    /// Level-3 cells by face, as indexes into `cells`.
    by_face: Arc<Vec<Option<u32>>>,
    /// Blank zones by face.
    zones: Arc<HashMap<FaceId, ZoneRow>>,
    by_code: Arc<HashMap<(u8, String), usize>>,
}

/// Why an edition could not be brought into memory.
#[derive(Debug)]
pub enum NotLoaded {
    /// The database refused.
    Database(tokio_postgres::Error),
    /// The rows are no partition.
    Broken(spatial::Broken),
}

impl std::fmt::Display for NotLoaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Database(error) => write!(f, "the edition could not be read: {error}"),
            Self::Broken(broken) => write!(f, "the stored edition is no partition: {broken}"),
        }
    }
}

impl std::error::Error for NotLoaded {}

impl From<tokio_postgres::Error> for NotLoaded {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error)
    }
}

impl Live {
    /// Reads the edition in force and builds its index.
    ///
    /// # Errors
    /// [`NotLoaded`] when the database refuses or the rows are no partition.
    pub async fn load(db: &Client) -> Result<Self, NotLoaded> {
        let edition = store::current_edition(db).await?;
        let cells = store::cells(db, edition.id).await?;
        let zones = store::zones(db, edition.id).await?;
        let (points, arcs) = store::arcs(db, edition.id).await?;
        let posted = people::store::contacts(db).await?;
        let faces = store::faces(&cells, &zones);
        let by_face = by_face(&cells, faces.len());
        let index = move || {
            let partition = Partition::from_rows(points, arcs, faces)?;
            Ok(Arc::new(Locator::new(Arc::new(partition))))
        };
        let locator = tokio::task::spawn_blocking(index)
            .await
            .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
            .map_err(NotLoaded::Broken)?;
        let (cells, duty_desk) = with_people(with_parents(cells, &zones), posted);
        let by_code = cells
            .iter()
            .enumerate()
            .map(|(i, cell)| ((cell.row.level, cell.row.code.clone()), i))
            .collect();
        Ok(Self {
            edition,
            duty_desk,
            locator,
            by_face: Arc::new(by_face),
            zones: Arc::new(zones.into_iter().map(|zone| (zone.face, zone)).collect()),
            by_code: Arc::new(by_code),
            cells,
        })
    }

    /// The same edition with the people as they are now.
    ///
    /// # Errors
    /// Of the database.
    pub async fn with_people_of_now(&self, db: &Client) -> Result<Self, NotLoaded> {
        let posted = people::store::contacts(db).await?;
        let (cells, duty_desk) = with_people(self.cells.clone(), posted);
        Ok(Self {
            edition: self.edition.clone(),
            cells,
            duty_desk,
            locator: self.locator.clone(),
            by_face: self.by_face.clone(),
            zones: self.zones.clone(),
            by_code: self.by_code.clone(),
        })
    }

    /// The level-3 cell with this face.
    pub fn cell_of(&self, face: FaceId) -> Option<&LiveCell> {
        let index = (*self.by_face.get(face.index())?)?;
        self.cells.get(index as usize)
    }

    /// The cell with this code: the lowest level that has one.
    pub fn cell_with_code(&self, code: &str) -> Option<&LiveCell> {
        let find = |level| self.by_code.get(&(level, code.to_owned()));
        [3, 2, 1].into_iter().find_map(find).map(|&i| &self.cells[i])
    }

    /// The blank zone with this face.
    pub fn zone_of(&self, face: FaceId) -> Option<&ZoneRow> {
        self.zones.get(&face)
    }
}

fn by_face(cells: &[CellRow], faces: usize) -> Vec<Option<u32>> {
    let mut by_face = vec![None; faces];
    for (i, cell) in cells.iter().enumerate() {
        if let Some(face) = cell.face {
            by_face[face.index()] = Some(i as u32);
        }
    }
    by_face
}

fn with_parents(rows: Vec<CellRow>, zones: &[ZoneRow]) -> Vec<LiveCell> {
    let index: HashMap<(u8, &str), usize> =
        rows.iter().enumerate().map(|(i, row)| ((row.level, row.code.as_str()), i)).collect();
    let mut owned: HashMap<&str, i64> = HashMap::new();
    for zone in zones {
        *owned.entry(zone.owner.as_str()).or_default() += 1;
    }
    let above = |row: &CellRow| {
        let mut above = Vec::new();
        let mut parent = row.parent.as_ref();
        // A parent is always of a smaller level, so this ends.
        while let Some(i) = parent.and_then(|(level, code)| index.get(&(*level, code.as_str()))) {
            above.push(*i);
            parent = rows[*i].parent.as_ref();
        }
        above
    };
    let aboves: Vec<Vec<usize>> = rows.iter().map(above).collect();
    let zones_of = |row: &CellRow| match row.level {
        3 => owned.get(row.code.as_str()).copied().unwrap_or(0),
        _ => 0,
    };
    let mut counts: Vec<i64> = rows.iter().map(zones_of).collect();
    for (i, above) in aboves.iter().enumerate().filter(|(i, _)| rows[*i].level == 3) {
        for &parent in above {
            counts[parent] += counts[i];
        }
    }
    let parents: Vec<Vec<String>> =
        aboves.iter().map(|above| above.iter().map(|&i| rows[i].code.clone()).collect()).collect();
    rows.into_iter()
        .zip(aboves)
        .zip(parents)
        .zip(counts)
        .map(|(((row, above), parents), blank_zones)| LiveCell {
            row,
            above,
            parents,
            contacts: Arc::default(),
            blank_zones,
        })
        .collect()
}

fn with_people(
    mut cells: Vec<LiveCell>,
    posted: Vec<people::store::Posted>,
) -> (Vec<LiveCell>, Arc<[Contact]>) {
    let mut by_cell: HashMap<(u8, String), Vec<Contact>> = HashMap::new();
    let mut duty_desk = Vec::new();
    for posted in posted {
        match posted.cell {
            Some(cell) => by_cell.entry(cell).or_default().push(posted.contact),
            None => duty_desk.push(posted.contact),
        }
    }
    let rank = |role: Role| Role::ALL.iter().position(|&other| other == role);
    for contacts in by_cell.values_mut() {
        contacts.sort_by_key(|contact| (rank(contact.role), contact.person));
    }
    let key = |row: &CellRow| (row.level, row.code.clone());
    let keys: Vec<(u8, String)> = cells.iter().map(|cell| key(&cell.row)).collect();
    let duty_desk: Arc<[Contact]> = duty_desk.into();
    for (i, cell) in cells.iter_mut().enumerate() {
        let chain = std::iter::once(&i).chain(&cell.above);
        cell.contacts = chain.filter_map(|&i| by_cell.get(&keys[i])).flatten().cloned().collect();
        if cell.contacts.is_empty() {
            cell.contacts = duty_desk.clone();
        }
    }
    (cells, duty_desk)
}

/// The edition in force, shared by every handler of a process.
pub struct LiveGrid(ArcSwap<Live>);

impl LiveGrid {
    /// Starts with an edition.
    pub fn new(live: Live) -> Self {
        Self(ArcSwap::from_pointee(live))
    }

    /// The edition now in force. Costs no lock; hold it for one answer only.
    pub fn now(&self) -> arc_swap::Guard<Arc<Live>> {
        self.0.load()
    }

    /// The edition now in force, to be kept for a long answer.
    pub fn now_kept(&self) -> Arc<Live> {
        self.0.load_full()
    }

    /// Brings the memory up to what the database says; whether the edition is a new one.
    ///
    /// # Errors
    /// [`NotLoaded`]; the old edition stays in force.
    pub async fn refresh(&self, db: &Client) -> Result<bool, NotLoaded> {
        let known = self.now_kept();
        let current = store::current_edition(db).await?;
        let newer = current.id != known.edition.id;
        let live = match newer {
            true => Live::load(db).await?,
            false => known.with_people_of_now(db).await?,
        };
        self.0.store(Arc::new(live));
        Ok(newer)
    }
}
