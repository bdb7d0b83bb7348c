//! GEOS through its C interface: STRtree over prepared polygons, `contains` with points.
#![allow(unsafe_code)] // a C library has no other door

use crate::rivals::{Engine, Rings};
use libloading::{Library, Symbol};
use spatial::{FaceId, Position};
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};

type Ptr = *mut c_void;
type Visit = unsafe extern "C" fn(Ptr, Ptr);

/// The functions used, as `geos_c.h` (3.10 and later) declares them; the first argument is the
/// context everywhere.
struct Api {
    context: Ptr,
    sequence: unsafe extern "C" fn(Ptr, *const f64, c_uint, c_int, c_int) -> Ptr,
    ring: unsafe extern "C" fn(Ptr, Ptr) -> Ptr,
    polygon: unsafe extern "C" fn(Ptr, Ptr, *const Ptr, c_uint) -> Ptr,
    prepare: unsafe extern "C" fn(Ptr, Ptr) -> Ptr,
    tree: unsafe extern "C" fn(Ptr, usize) -> Ptr,
    insert: unsafe extern "C" fn(Ptr, Ptr, Ptr, Ptr),
    query: unsafe extern "C" fn(Ptr, Ptr, Ptr, Visit, Ptr),
    point: unsafe extern "C" fn(Ptr, f64, f64) -> Ptr,
    contains: unsafe extern "C" fn(Ptr, Ptr, Ptr) -> c_char,
    destroy: unsafe extern "C" fn(Ptr, Ptr),
    version: String,
    _library: Library,
}

/// The cells in a tree. Geometries live until the process ends.
pub struct Geos {
    api: Api,
    tree: Ptr,
    cells: Vec<(FaceId, Ptr)>,
}

fn symbol<T: Copy>(library: &Library, name: &str) -> Result<T, String> {
    // SAFETY: `Api` gives every name the type it has in geos_c.h.
    let found: Result<Symbol<'_, T>, _> = unsafe { library.get(name.as_bytes()) };
    found.map(|symbol| *symbol).map_err(|why| why.to_string())
}

impl Api {
    fn load() -> Result<Self, String> {
        // SAFETY: loading GEOS runs only its own initialisers.
        let library = unsafe { Library::new("libgeos_c.so.1") }.map_err(|why| why.to_string())?;
        let init: unsafe extern "C" fn() -> Ptr = symbol(&library, "GEOS_init_r")?;
        let version: unsafe extern "C" fn() -> *const c_char = symbol(&library, "GEOSversion")?;
        // SAFETY: both take nothing; the version is a static C string.
        let (context, version) = unsafe { (init(), CStr::from_ptr(version())) };
        Ok(Self {
            context,
            sequence: symbol(&library, "GEOSCoordSeq_copyFromBuffer_r")?,
            ring: symbol(&library, "GEOSGeom_createLinearRing_r")?,
            polygon: symbol(&library, "GEOSGeom_createPolygon_r")?,
            prepare: symbol(&library, "GEOSPrepare_r")?,
            tree: symbol(&library, "GEOSSTRtree_create_r")?,
            insert: symbol(&library, "GEOSSTRtree_insert_r")?,
            query: symbol(&library, "GEOSSTRtree_query_r")?,
            point: symbol(&library, "GEOSGeom_createPointFromXY_r")?,
            contains: symbol(&library, "GEOSPreparedContains_r")?,
            destroy: symbol(&library, "GEOSGeom_destroy_r")?,
            version: version.to_string_lossy().into_owned(),
            _library: library,
        })
    }
}

/// What a query carries to its visits.
struct Question<'a> {
    geos: &'a Geos,
    point: Ptr,
    face: FaceId,
}

unsafe extern "C" fn visit(item: Ptr, question: Ptr) {
    // SAFETY: `query` passes on the `Question` that `faces_of` gave it, alive during the call.
    let question = unsafe { &mut *question.cast::<Question<'_>>() };
    let (face, prepared) = question.geos.cells[item as usize - 1];
    let api = &question.geos.api;
    // SAFETY: both geometries belong to this context and are alive.
    let inside = || unsafe { (api.contains)(api.context, prepared, question.point) } == 1;
    if question.face == FaceId::OUTSIDE && inside() {
        question.face = face;
    }
}

impl Geos {
    pub fn new(rings: &Rings) -> Result<Self, String> {
        let api = Api::load()?;
        let context = api.context;
        // SAFETY: the context is live; every geometry is made from one just made, and the tree
        // holds places in `cells` plus one, never dereferenced.
        let (tree, cells) = unsafe {
            let tree = (api.tree)(context, 10);
            let mut cells = Vec::with_capacity(rings.len());
            for (i, (face, ring)) in rings.iter().enumerate() {
                let flat: Vec<f64> = ring.iter().flat_map(|p| [p.lng_deg(), p.lat_deg()]).collect();
                let sequence = (api.sequence)(context, flat.as_ptr(), ring.len() as c_uint, 0, 0);
                let ring = (api.ring)(context, sequence);
                let polygon = (api.polygon)(context, ring, std::ptr::null(), 0);
                (api.insert)(context, tree, polygon, (i + 1) as Ptr);
                cells.push((*face, (api.prepare)(context, polygon)));
            }
            (tree, cells)
        };
        Ok(Self { api, tree, cells })
    }
}

impl Engine for Geos {
    fn name(&self) -> String {
        format!("GEOS {} STRtree + prepared", self.api.version)
    }

    fn faces_of(&self, positions: &[Position], faces: &mut Vec<FaceId>) {
        faces.clear();
        let api = &self.api;
        for p in positions {
            // SAFETY: the point is destroyed once; `question` outlives the query.
            unsafe {
                let point = (api.point)(api.context, p.lng_deg(), p.lat_deg());
                let mut question = Question { geos: self, point, face: FaceId::OUTSIDE };
                let carried = (&raw mut question).cast();
                (api.query)(api.context, self.tree, point, visit, carried);
                faces.push(question.face);
                (api.destroy)(api.context, point);
            }
        }
    }
}
