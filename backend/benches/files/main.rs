//! Boundary files: seconds and peak memory of reading them, against the `geojson` crate on the
//! same file, and of importing them with the program. Prints Markdown tables.
//!
//! ```text
//! cargo bench -p backend --bench files -- [--only read|import] [--write FILE]
//! ```
//! Every figure is a process of its own. Memory is the most the process ever held, from `/proc`,
//! so the program itself counts; seconds are on the wall, reading from the page cache. The made
//! file is a city of 2,704 cells with shared wiggly borders, 100 MB of GeoJSON.

mod made;

use backend::grids::files::{Options, read};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A reader in a process of its own: hands back how many points of rings it found.
type Reader = fn(&Path) -> usize;

const READERS: [(&str, Reader); 2] = [("wangge", ours), ("geojson crate, whole file", rival)];

fn ours(path: &Path) -> usize {
    let mut points = 0;
    let count = |row| {
        if let backend::grids::files::Row::Feature(feature) = row {
            points += feature.parts.iter().flatten().map(Vec::len).sum::<usize>();
        }
    };
    read(path, &Options::default(), &mut { count }).expect("a file that can be used");
    points
}

fn rival(path: &Path) -> usize {
    use geojson::{FeatureCollection, GeoJson, GeometryValue};
    let mut bytes = std::fs::read(path).expect("the file is there");
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let unpacked = std::io::read_to_string(flate2::read::MultiGzDecoder::new(&bytes[..]));
        bytes = unpacked.expect("gzip").into_bytes();
    }
    let GeoJson::FeatureCollection(FeatureCollection { features, .. }) =
        GeoJson::from_reader(&bytes[..]).expect("GeoJSON")
    else {
        panic!("a collection was expected")
    };
    let polygons = features.iter().filter_map(|feature| feature.geometry.as_ref());
    let points = polygons.map(|geometry| match &geometry.value {
        GeometryValue::Polygon { coordinates } => coordinates.iter().map(Vec::len).sum(),
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().flatten().map(Vec::len).sum::<usize>()
        }
        _ => 0,
    });
    points.sum()
}

/// What a process took.
struct Cost {
    seconds: f64,
    peak_mb: f64,
    said: String,
}

/// Waits for the process, watching the most memory it ever held (which only grows).
fn watch(mut child: Child) -> Cost {
    let begun = Instant::now();
    let status = format!("/proc/{}/status", child.id());
    let answer = child.stdout.take().expect("its answer is piped");
    let (said, hear) = mpsc::channel();
    std::thread::spawn(move || said.send(std::io::read_to_string(answer)));
    let mut peak_mb = 0.0;
    let said = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM"));
        let kb = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        peak_mb = kb.map_or(peak_mb, |kb| kb / 1024.0);
        if let Ok(said) = hear.recv_timeout(Duration::from_millis(1)) {
            break said.expect("UTF-8");
        }
    };
    let ended = child.wait().expect("a child can be waited for");
    assert!(ended.success(), "a measured process failed");
    Cost { seconds: begun.elapsed().as_secs_f64(), peak_mb, said }
}

/// A made file and those beside the checkout.
struct Input {
    name: &'static str,
    path: PathBuf,
    code: &'static str,
}

fn inputs() -> Vec<Input> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (plain, packed) = (folder.join("made.geojson"), folder.join("made.geojson.gz"));
    made::write(&plain, &packed);
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let all = [
        Input { name: "made", path: plain, code: "code" },
        Input { name: "made, gzipped", path: packed, code: "code" },
        Input { name: "Los Angeles", path: shared.join("la311/nc_2019.geojson"), code: "name" },
        Input {
            name: "Tainan",
            path: shared.join("tainan/villages_2017.geojson"),
            code: "VILLCODE",
        },
    ];
    all.into_iter().filter(|input| input.path.is_file()).collect()
}

fn size_mb(path: &Path) -> f64 {
    std::fs::metadata(path).expect("the file is there").len() as f64 / 1e6
}

fn reading(inputs: &[Input]) -> String {
    let mut table = String::from(
        "| file | MB | points | reader | seconds | ratio | peak MB | ratio |\n\
         |---|---:|---:|---|---:|---:|---:|---:|\n",
    );
    let me = std::env::current_exe().expect("a bench knows where it lies");
    for Input { name, path, .. } in inputs {
        let costs = READERS.map(|(reader, _)| {
            let mut child = Command::new(&me);
            child.args(["--child", reader]).arg(path);
            watch(child.stdout(Stdio::piped()).spawn().expect("this program starts"))
        });
        assert_eq!(costs[0].said, costs[1].said, "{name}: both readers find the same points");
        for ((reader, _), cost) in READERS.iter().zip(&costs) {
            let Cost { seconds, peak_mb, said } = cost;
            let (slower, fatter) = (seconds / costs[0].seconds, peak_mb / costs[0].peak_mb);
            let (size, points) = (size_mb(path), said.trim());
            writeln!(
                table,
                "| {name} | {size:.1} | {points} | {reader} | {seconds:.2} | {slower:.1} | \
                 {peak_mb:.0} | {fatter:.1} |"
            )
            .expect("a string grows");
        }
    }
    table
}

fn importing(inputs: &[Input]) -> String {
    let mut table = String::from(
        "| file | MB | cells | blank zones | problems | seconds | peak MB |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    let data_dir = tempfile::tempdir().expect("a folder for the private cluster");
    let wangge = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wangge"));
        command.args(arguments).arg("--json").arg("--data-dir").arg(data_dir.path());
        command.env_remove("DATABASE_URL").stdout(Stdio::piped());
        watch(command.spawn().expect("the program starts"))
    };
    wangge(&["migrate"]);
    for Input { name, path, code } in inputs {
        let file = path.to_str().expect("a path in UTF-8");
        let Cost { peak_mb, said, .. } = wangge(&["grids", "import", file, "--code", code]);
        let answer: serde_json::Value = serde_json::from_str(&said).expect("one JSON object");
        let problems = answer["problems"].as_object().into_iter().flat_map(|kinds| kinds.values());
        let problems: u64 = problems.filter_map(serde_json::Value::as_u64).sum();
        let (cells, zones, seconds) =
            (&answer["cells"], &answer["blank_zones"], &answer["seconds"]);
        let size = size_mb(path);
        writeln!(
            table,
            "| {name} | {size:.1} | {cells} | {zones} | {problems} | {seconds:.2} | {peak_mb:.0} |"
        )
        .expect("a string grows");
    }
    table
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let after = |word: &str| {
        let at = words.iter().position(|w| w == word)?;
        words.get(at + 1).map(String::as_str)
    };
    if let Some(name) = after("--child") {
        let (_, reader) = READERS.iter().find(|reader| reader.0 == name).expect("a reader");
        println!("{}", reader(Path::new(words.last().expect("a file"))));
        return;
    }
    let inputs = inputs();
    let mut text = String::new();
    if after("--only").is_none_or(|only| only == "read") {
        text += "Reading a file into positions. Ratios: to ours in the same run.\n\n";
        text += &reading(&inputs);
    }
    if after("--only").is_none_or(|only| only == "import") {
        text +=
            "\n`wangge grids import` into a private cluster: reading, building, publishing.\n\n";
        text += &importing(&inputs);
    }
    print!("{text}");
    if let Some(file) = after("--write") {
        std::fs::write(file, text).unwrap_or_else(|why| panic!("cannot write {file}: {why}"));
    }
}
