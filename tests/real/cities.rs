//! The messy cities through `wangge grids import`: what is published, beside what GEOS counted.

use crate::program::{arg, wangge};
use crate::shared::{data, say};
use serde_json::Value;
use support::Database;

/// File, code field, cells, and what the data's README counts with GEOS: real and sliver
/// overlaps, big and sliver holes.
const CITIES: &[(&str, &str, u64, [u64; 4])] = &[
    ("messy/unna.geojson", "name", 69, [74, 500, 164, 345]),
    ("messy/atlanta.geojson", "name", 114, [18, 332, 27, 226]),
    ("messy/durham.geojson", "name", 228, [1, 400, 5, 280]),
    ("messy/seoul.geojson", "adm_cd", 424, [0, 0, 0, 0]),
    ("liverpool/output_areas_2011.geojson", "OA11CD", 1584, [0, 0, 0, 0]),
    ("liverpool/lsoa_2011.geojson", "LSOA11CD", 298, [0, 0, 0, 0]),
    ("liverpool/wards_2013.geojson", "WD13CD", 30, [0, 0, 0, 0]),
];

/// What must hold of a published edition: the areas add up, everything has an owner, and every
/// problem is listed.
const HOLDS: &str = "
    select e.cells::int8 as cells, e.blank_zones::int8 as blank_zones,
           (select count(*) from cells c
            where c.edition = e.id and c.level = 3) as cells_stored,
           (select count(*) from blank_zones z where z.edition = e.id) as zones_stored,
           (select count(*) from problems p where p.edition = e.id) as problems_stored,
           (select count(*) from blank_zones z
            where z.edition = e.id and not exists (
                select from cells c
                where c.edition = e.id and c.level = 3 and c.code = z.owner)) as unowned,
           (select count(*) from arcs a
            where a.edition = e.id and a.left_face = a.right_face) as idle_arcs
    from editions e order by e.id desc limit 1";

#[tokio::test]
async fn messy_cities_are_published_whole() {
    let Some(data) = data("messy cities") else { return };
    let database = Database::migrated().await;
    let client = database.client().await;
    for &(file, code, cells, [real, sliver, big, narrow]) in CITIES {
        let path = data.join(file);
        let published = wangge(&database, &["grids", "import", arg(&path), "--code", code]);
        assert_eq!(published["cells"], cells, "{file}: {published}");
        let row = client.query_one(HOLDS, &[]).await.expect("the edition can be read");
        let count = |field: &str| row.get::<_, i64>(field) as u64;
        assert_eq!((count("cells"), count("cells_stored")), (cells, cells), "{file}");
        assert_eq!(count("blank_zones"), count("zones_stored"), "{file}");
        assert_eq!(published["blank_zones"], count("zones_stored"), "{file}");
        assert_eq!((count("unowned"), count("idle_arcs")), (0, 0), "{file}");
        let problems = published["problems"].as_object().expect("counts by kind");
        let listed: u64 = problems.values().filter_map(Value::as_u64).sum();
        assert_eq!(listed, count("problems_stored"), "{file}");
        let of = |kind: &str| problems.get(kind).and_then(Value::as_u64).unwrap_or_default();
        say(&format!(
            "{file}: overlaps {} + {} slivers (GEOS {real} + {sliver}), gaps {} + {} slivers \
             (GEOS {big} + {narrow}); all: {}",
            of("overlap"),
            of("sliver_overlap"),
            of("gap"),
            of("sliver_gap"),
            published["problems"]
        ));
    }
    drop(client);
    database.drop().await;
}
