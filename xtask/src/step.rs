//! Running and timing one step of a build, and saying in a sentence why it failed.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Why a step failed, as a sentence for whoever started the build.
pub type Outcome<T> = Result<T, String>;

/// Says what is being done, does it, and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("  {what} ...");
    let begun = Instant::now();
    let done = work()?;
    println!("    {:.1} s", begun.elapsed().as_secs_f64());
    Ok(done)
}

/// Runs a program to its end; `missing` is what to do when it is not installed.
pub fn run(command: &mut Command, missing: &str) -> Outcome<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{name}` ended with {status}; its own words are above.")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(format!("`{name}` is not there. {missing}"))
        }
        Err(error) => Err(format!("`{name}` could not be started: {error}.")),
    }
}

/// Names the file in the sentence of an input or output error.
pub fn at<T>(path: &Path, result: io::Result<T>) -> Outcome<T> {
    result.map_err(|error| format!("{}: {error}.", path.display()))
}

/// Copies a file, making the folder it goes to.
pub fn copy(from: &Path, to: &Path) -> Outcome<()> {
    if let Some(folder) = to.parent() {
        at(folder, fs::create_dir_all(folder))?;
    }
    at(from, fs::copy(from, to)).map(drop)
}

/// Every file under a folder.
pub fn files(folder: &Path) -> Outcome<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in at(folder, fs::read_dir(folder))? {
        let path = at(folder, entry)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
