//! From polygons to a checked partition with all problems: seconds and memory, as a Markdown
//! table, against GEOS's coverage validation and cleaning in the same run.
//!
//! ```text
//! cargo bench -p spatial --bench build -- [--only WORD] [--rounds N] [--python PYTHON]
//!     [--write FILE]
//! ```
//! Time is what the one thread spent on a processor, the median of the rounds. Memory is the peak
//! of a process that builds once, above what it held with the polygons read. The rival is shapely
//! 2.1 or later, asked through `--python` (default `python3`) and left out where it is missing.

#[path = "../../tests/coverages/mod.rs"]
mod coverages;
mod inputs;
#[path = "../../tests/made/mod.rs"]
mod made;
mod rival;

use inputs::{INPUTS, Input};
use spatial::{Built, Drawn, Face, Options, build};
use std::process::{Command, Stdio};
use std::time::Instant;

struct Wishes {
    only: Option<String>,
    child: bool,
    rounds: usize,
    python: String,
    write: Option<String>,
}

fn wishes() -> Wishes {
    let mut wishes =
        Wishes { only: None, child: false, rounds: 5, python: "python3".to_owned(), write: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut next = || words.next().unwrap_or_else(|| panic!("{word} needs a value"));
        match word.as_str() {
            "--only" => wishes.only = Some(next()),
            "--child" => wishes.child = true,
            "--rounds" => wishes.rounds = next().parse().expect("--rounds is a whole number"),
            "--python" => wishes.python = next(),
            "--write" => wishes.write = Some(next()),
            "--bench" => {} // cargo says so
            other => panic!("unknown word {other}"),
        }
    }
    wishes
}

/// Seconds this thread was on a processor, where Linux tells, else seconds on the wall.
fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let on_cpu = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
    };
    let (start, before) = (Instant::now(), on_cpu());
    let result = work();
    let spent = match (before, on_cpu()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed().as_secs_f64(),
    };
    (spent, result)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A figure of `/proc/self/status` in MB.
fn status_mb(field: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kb| kb / 1024.0)
}

/// In a process of its own, which was given the polygons: builds once and prints how much memory
/// that took.
fn child() {
    let drawn = inputs::take(&mut std::io::stdin().lock()).expect("polygons");
    let held = status_mb("VmRSS");
    let reset = std::fs::write("/proc/self/clear_refs", "5");
    let built = build(&drawn, None, &Options::default());
    built.partition.check().expect("a partition");
    if let (Some(held), Ok(()), Some(peak)) = (held, reset, status_mb("VmHWM")) {
        println!("{}", peak - held);
    }
}

fn peak_mb(drawn: &[Drawn]) -> Option<f64> {
    let me = std::env::current_exe().ok()?;
    let (to, from) = (Stdio::piped(), Stdio::piped());
    let mut asked = Command::new(me).arg("--child").stdin(to).stdout(from).spawn().ok()?;
    inputs::give(drawn, &mut std::io::BufWriter::new(asked.stdin.take()?)).ok()?;
    let told = asked.wait_with_output().ok()?.stdout;
    String::from_utf8(told).ok()?.trim().parse().ok()
}

fn row(input: &Input, wishes: &Wishes) -> String {
    let drawn = input.read();
    let (mut building, mut checking, mut last) = (vec![], vec![], None::<Built>);
    for _ in 0..wishes.rounds {
        drop(last.take());
        let (spent, built) = seconds(|| build(&drawn, None, &Options::default()));
        building.push(spent);
        let (spent, checked) = seconds(|| built.partition.check());
        checked.expect("a partition");
        checking.push(spent);
        last = Some(built);
    }
    let built = last.expect("at least one round");
    let (building, checking) = (median(building), median(checking));
    let rings = || drawn.iter().flat_map(|d: &Drawn| d.parts.iter().flatten());
    let vertices: usize = rings().map(Vec::len).sum();
    let faces = built.partition.faces();
    let zones = faces.iter().filter(|f| matches!(f, Face::BlankZone { .. })).count();
    let memory = match peak_mb(&drawn) {
        Some(mb) => format!("{mb:.0} MB, {:.0} B", mb * 1e6 / vertices as f64),
        None => "–, –".to_owned(),
    };
    let rival = rival::seconds(&wishes.python, &drawn).map_or("– | – |".to_owned(), |r| {
        let ratio = |theirs: f64| format!("{theirs:.3} ({:.0}×)", theirs / (building + checking));
        format!("{} | {} |", ratio(r.validate), r.clean.map_or("fails".to_owned(), ratio))
    });
    format!(
        "| {} | {} | {vertices} | {building:.3} + {checking:.3} | {memory} | {} | {zones} | \
         {rival}\n",
        input.name,
        drawn.len(),
        built.problems.len(),
    )
}

fn main() {
    let wishes = wishes();
    if wishes.child {
        return child();
    }
    let mut table = format!(
        "Rival: {}. Ratio: its time to build + check.\n\n| input | polygons | vertices | build + \
         check, s | peak memory, a vertex | problems | blank zones | GEOS validate, s | GEOS \
         clean, s |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        rival::version(&wishes.python).unwrap_or_else(|| "none found".to_owned())
    );
    print!("{table}");
    for input in INPUTS {
        let wanted = wishes.only.as_ref().is_none_or(|word| input.name.contains(word.as_str()));
        if wanted && input.is_here() {
            let row = row(input, &wishes);
            print!("{row}");
            table.push_str(&row);
        }
    }
    if let Some(file) = &wishes.write {
        std::fs::write(file, table).expect("the table can be written");
    }
}
