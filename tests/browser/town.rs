//! A service over a demo district of its own, with the front end that xtask built.

use std::path::{Path, PathBuf};
use std::process::Command;
use support::{Database, Service};

/// Enough for every tile to have some, few enough to load in a second.
const REPORTS: &str = "600";

/// The service and what is known about its district.
pub struct Town {
    /// The service.
    pub service: Service,
    /// Places in the strips between two walls: longitude and latitude in degrees.
    pub strips: Vec<(f64, f64)>,
    folder: PathBuf,
}

impl Town {
    /// Loads the district and serves it.
    pub async fn open() -> Self {
        let database = Database::migrated().await;
        let folder = folder(&database.url());
        wangge(&database, &folder, &["demo", "--reports", REPORTS]);
        let known = folder.join("known");
        let known_text = known.to_string_lossy().into_owned();
        wangge(&database, &folder, &["demo", "--write", &known_text, "--reports", "0"]);
        let strips = strips(&known.join("known.json"));
        let service = Service::over(database, |serve| {
            serve.web_dir = web_dir();
            serve.base_map = Some(folder.join("base-map/base-map.json"));
        })
        .await;
        Self { service, strips, folder }
    }

    /// A service in which nothing has been imported.
    pub async fn before_any_import() -> Service {
        let web_dir = web_dir();
        Service::over(Database::migrated().await, |serve| serve.web_dir = web_dir).await
    }

    /// Stops it; fails if something unexpected was logged.
    pub async fn finish(self) {
        self.service.finish().await;
        std::fs::remove_dir_all(&self.folder).expect("the town's folder can be removed");
    }
}

/// The built front end.
fn web_dir() -> PathBuf {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/dist");
    assert!(
        dist.join("index.html").exists(),
        "the front end is not built: run `cargo run -p xtask -- build` first"
    );
    dist
}

/// A folder for the base map of this town.
fn folder(database: &str) -> PathBuf {
    let name = database.rsplit('=').next().unwrap_or_default();
    let folder = support::data_dir().with_file_name("wangge-towns").join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the town can be made");
    folder
}

fn wangge(database: &Database, folder: &Path, arguments: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(arguments)
        .env("DATABASE_URL", database.url())
        .env("WANGGE_DATA_DIR", folder)
        .output()
        .expect("wangge can be started");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn strips(known: &Path) -> Vec<(f64, f64)> {
    let text = std::fs::read_to_string(known).expect("known.json was written");
    let known: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let strips = known[0]["strips"].as_array().expect("the first district lists its strips");
    let place = |strip: &serde_json::Value| {
        let degrees = |n: usize| strip["at"][n].as_f64().expect("a strip has a place");
        (degrees(0), degrees(1))
    };
    strips.iter().map(place).collect()
}
