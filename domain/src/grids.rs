//! Grids: editions, cells of three levels, blank zones, problems, and who answers for a place.

use crate::call::{Call, Verb, Who};
use crate::ids::EditionId;
use crate::people::Contact;
use crate::place::Datum;
use crate::words;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

words! {
    /// Why a cell answers for a place.
    Basis {
        Inside = "inside", "在网格内", "inside the cell";
        Border = "border", "在网格边界上", "on the cell's border";
        BlankZone = "blank_zone", "空白地带，按规则归属", "in a blank zone the cell owns by rule";
        OutsideNear = "outside_near", "辖区外，临近该网格", "outside, but near the cell";
        Outside = "outside", "辖区外，由中心值班台受理", "outside: the centre's duty desk answers";
    }
}

words! {
    /// Which rule decided who owns a blank zone or an overlap.
    OwnerRule {
        Claim = "claim", "规划员指定", "claimed by a planner";
        LongestBorder = "longest_border", "共用边界最长（属地兜底）", "longest shared border";
        LowerCode = "lower_code", "边界等长，取编码较小者", "equal borders: the lower code";
        Nearest = "nearest", "不与任何网格相接，取最近者", "touches no cell: the nearest";
        OnlyGround = "only_ground", "该网格的主要地块，不被吞并", "most of what the cell drew";
    }
}

words! {
    /// What can be wrong with drawn polygons.
    ProblemKind {
        Overlap = "overlap", "重叠", "overlap";
        SliverOverlap = "sliver_overlap", "细碎重叠", "sliver overlap";
        Gap = "gap", "空白", "gap";
        SliverGap = "sliver_gap", "细缝", "sliver gap";
        Mismatch = "mismatch", "公共边界顶点不一致", "mismatched shared border";
        InvalidRing = "invalid_ring", "环无效", "invalid ring";
        SelfCrossing = "self_crossing", "自相交", "self-crossing";
        Duplicate = "duplicate", "重复", "duplicate";
        StrayPart = "stray_part", "远离主体的碎块", "stray part far away";
        OutsideJurisdiction = "outside_jurisdiction", "超出辖区", "outside the jurisdiction";
        Empty = "empty", "没有面积", "nothing left";
        Unreadable = "unreadable", "无法读取", "unreadable feature";
        MissingCode = "missing_code", "缺少编码，已代拟", "no code: one was made up";
        SharedCode = "shared_code", "编码相同，已合为一个网格", "one code drawn twice: one cell";
        ParentConflict = "parent_conflict", "上级不一致", "its parts name different parents";
    }
}

/// A neighbouring cell and how far off it is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Neighbour {
    /// Its code.
    pub cell: String,
    /// Its name.
    pub name: String,
    /// Metres from the place to the nearest point of it.
    pub distance_m: f64,
}

/// A cell a doubtful position may lie in, with its share of the disc.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Share {
    /// Its code.
    pub cell: String,
    /// Its name.
    pub name: String,
    /// The part of the disc that lies in the cell or a blank zone of its, 0 to 1.
    pub share: f64,
}

/// The blank zone a place lies in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct InBlankZone {
    /// Its number within the edition.
    pub zone: i32,
    /// The rule that decided its owner.
    pub rule: OwnerRule,
}

/// Who answers for a place and why. There is exactly one for every finite coordinate.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Located {
    /// The edition asked.
    pub edition: EditionId,
    /// The code of the cell, outside the nearest one's; `None` only while no cell is drawn.
    pub cell: Option<String>,
    /// Its name, or the duty desk's while no cell is drawn.
    pub name: String,
    /// The codes of the cell's level-2 and level-1 parents, nearest first.
    pub parents: Vec<String>,
    /// Why.
    pub basis: Basis,
    /// Metres to the nearest border of the cell; `None` only while no cell is drawn.
    pub distance_m: Option<f64>,
    /// The nearest other cell.
    pub neighbour: Option<Neighbour>,
    /// The blank zone, when the basis is one.
    pub blank_zone: Option<InBlankZone>,
    /// Whom to call, nearest first, outside the duty desk before all; never empty.
    pub contacts: Arc<[Contact]>,
    /// With an accuracy: the cells the place may be in, largest share first.
    pub shares: Vec<Share>,
}

/// Asks who answers for a place.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Locate {
    /// Longitude in degrees.
    pub lng: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// The datum of both.
    #[serde(default)]
    pub datum: Datum,
    /// GPS accuracy radius in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
}

impl Call for Locate {
    type Answer = Located;
    const NAME: &'static str = "locate";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/locate";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str =
        "The one cell that answers for a place, the people to call, and why.";
}

/// A published partition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Edition {
    /// Which.
    pub id: EditionId,
    /// When it was published (RFC 3339).
    pub published_at: String,
    /// From which file or plan it was made.
    pub source: String,
    /// Cells on level 3.
    pub cells: i64,
    /// Blank zones.
    pub blank_zones: i64,
    /// Problems listed at import.
    pub problems: i64,
    /// The box around it: west, south, east, north in degrees, CGCS2000.
    pub bounds: [f64; 4],
}

/// Lists the editions, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Editions {}

impl Call for Editions {
    type Answer = Vec<Edition>;
    const NAME: &'static str = "editions";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/editions";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "Every published edition, newest first.";
}

/// A cell with its people.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Cell {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// 3, 2 or 1.
    pub level: u8,
    /// The code of the cell above it.
    pub parent: Option<String>,
    /// Area in square metres.
    pub area_m2: f64,
    /// Where to put its label: longitude and latitude in degrees, CGCS2000.
    pub label_at: [f64; 2],
    /// The box around it: west, south, east, north in degrees.
    pub bounds: [f64; 4],
    /// Blank zones it owns.
    pub blank_zones: i64,
    /// Reports of the last 365 days.
    pub reports: i64,
    /// Its people and those above them.
    pub contacts: Arc<[Contact]>,
}

/// Asks for a cell of the current edition.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCell {
    /// Its code.
    pub code: String,
}

impl Call for ShowCell {
    type Answer = Cell;
    const NAME: &'static str = "show_cell";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/cells/{code}";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "One cell of the current edition with its people.";
}

words! {
    /// What a search found.
    HitKind {
        Cell = "cell", "网格", "cell";
        Person = "person", "人员", "person";
        Place = "place", "坐标", "coordinate";
    }
}

/// Something a search found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Title line: a name.
    pub title: String,
    /// Second line: code, role or unit.
    pub detail: String,
    /// The cell it leads to.
    pub cell: Option<String>,
    /// Where to go: longitude and latitude in degrees, CGCS2000.
    pub at: [f64; 2],
}

/// Searches by code, name, person or coordinate.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What was typed; at most 200 characters.
    pub text: String,
}

impl Call for Search {
    type Answer = Vec<Hit>;
    const NAME: &'static str = "search";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/search";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str =
        "Cells by code or name, people by name, and coordinates, best first.";
}

words! {
    /// What the base map under the grids is made of.
    BaseMapKind {
        Empty = "none", "无底图", "none";
        Geojson = "geojson", "GeoJSON 底图", "GeoJSON";
        Pmtiles = "pmtiles", "PMTiles 底图", "PMTiles";
        Raster = "raster", "栅格瓦片", "raster tiles";
    }
}

/// The base map the browser draws under the grids.
///
/// A GeoJSON base map is a feature collection whose features have `kind` (`water`, `green`,
/// `landuse`, `building`, `street`, `wall`, `place`), `class` and, where there is one, `name`;
/// streets have `width_m`. Features come in drawing order.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BaseMap {
    /// What it is.
    pub kind: BaseMapKind,
    /// Where it is: a file, an archive, or a template with `{z}`, `{x}` and `{y}`; empty for none.
    pub url: String,
    /// The datum its coordinates or tiles are in. Tiles in GCJ-02 must be shifted, not overlaid.
    pub datum: Datum,
    /// Whom to thank, shown in the corner of the map.
    pub attribution: String,
    /// The lowest zoom there are tiles for.
    pub min_zoom: u8,
    /// The highest zoom there are tiles for.
    pub max_zoom: u8,
}

/// Asks which base map to draw.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowBaseMap {}

impl Call for ShowBaseMap {
    type Answer = BaseMap;
    const NAME: &'static str = "show_base_map";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/base-map";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "The base map to draw under the grids.";
}

/// Vector tiles (Mapbox Vector Tile) of an edition's cells and blank zones; they never change.
///
/// Layers: `cells1`, `cells2`, `cells3` (polygons: `code`, `name`, `level`, `parent`, `colour`),
/// `labels` (points: `code`, `name`, `level`) and `blank_zones` (polygons: `zone`, `owner`,
/// `owner_name`, `rule`, `area_m2`, `colour`). `colour` is a class from 0 to 11; neighbouring
/// cells have different ones and a blank zone has its owner's. A level appears from the zoom on
/// at which its cells are big enough to be seen.
pub const CELL_TILES: &str = "/tiles/{edition}/cells/{z}/{x}/{y}";

/// Vector tiles of an edition's problems; they never change.
///
/// Layers: `problems` (points, lines or polygons as they are) and `problem_points` (one point of
/// each), both with `problem`, `kind`, `cells` (codes, separated by a comma and a space), `owner`,
/// `area_m2`, `width_m` and `note`.
pub const PROBLEM_TILES: &str = "/tiles/{edition}/problems/{z}/{x}/{y}";

/// The cells of an edition as a GeoJSON FeatureCollection. In the query: `level` (3 if left out),
/// `bbox` (west,south,east,north), `edition` (the one in force) and `limit`.
///
/// Properties: `code`, `name`, `level`, `parent`, `area_m2`.
pub const CELL_FEATURES: &str = "/api/cells";

/// The blank zones of an edition as a GeoJSON FeatureCollection; query as for cells, no `level`.
///
/// Properties: `zone`, `owner`, `owner_name`, `rule`, `area_m2`.
pub const BLANK_ZONE_FEATURES: &str = "/api/blank-zones";

/// The problems of an edition as a GeoJSON FeatureCollection; query as for cells, no `level`.
///
/// Properties: `problem`, `kind`, `cells` (list of codes), `area_m2`, `width_m`, `owner`, `rule`,
/// `note`.
pub const PROBLEM_FEATURES: &str = "/api/problems";

/// Locates up to [`LOCATE_MANY_MAX`] points. Takes NDJSON (`application/x-ndjson`, a value a line)
/// or a JSON array (`application/json`) of `[lng, lat]` or
/// `{"lng":…,"lat":…,"datum":…}`; `datum` in the query holds for points that state none. Answers
/// NDJSON, a line for each point in its order: [`LocatedRow`], or a refusal under `refusal`.
pub const LOCATE_MANY: &str = "/api/locate/many";

/// The most points [`LOCATE_MANY`] takes at once.
pub const LOCATE_MANY_MAX: usize = 100_000;

/// A line of the answer of [`LOCATE_MANY`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LocatedRow {
    /// The code of the cell, outside the nearest one's; `None` only while no cell is drawn.
    pub cell: Option<String>,
    /// Why.
    pub basis: Basis,
    /// Metres to the nearest border of the cell; `None` only while no cell is drawn.
    pub distance_m: Option<f64>,
}
