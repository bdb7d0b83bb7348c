//! The processes of the cluster: whether they run, starting and stopping them.

use super::account::Account;
use super::folder::{Folder, run};
use super::programs::Programs;
use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The port in the name of the socket; nothing listens on the network.
pub const PORT: u16 = 5432;
const SOCKET_FILE: &str = ".s.PGSQL.5432";
const LOG: &str = "server.log";

/// How long a start or a recovery after a crash may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long processes without their parent may take to notice before they are told.
const ORPHANS: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// The cluster's server: where it lives, which programs it is, and under whose account it runs.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its folder.
    pub folder: Folder,
    /// Its programs.
    pub programs: Programs,
    /// Its account.
    pub account: Account,
}

impl Server {
    /// Sees to it that the server runs and answers; returns the folder of its socket.
    ///
    /// # Errors
    /// With the end of the server's log when it does not start.
    pub async fn ensure(&self) -> anyhow::Result<PathBuf> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let (server, waited) = (self.clone(), begun.elapsed());
            let step = tokio::task::spawn_blocking(move || server.step(waited));
            if let Some(socket) = step.await?? {
                return Ok(socket);
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!(
            "the private cluster does not answer; see {}/{LOG} / 私有数据库没有响应，见上述日志",
            self.folder.path().display()
        );
    }

    /// Looks, and does what brings the server nearer to answering.
    fn step(&self, waited: Duration) -> anyhow::Result<Option<PathBuf>> {
        let living = in_folder(self.folder.path(), &self.account)?;
        let noted = noted(&self.folder);
        if let Some(noted) = noted.as_ref().filter(|noted| self.answers(noted)) {
            // Also when its process cannot be seen: it may run in another container.
            return Ok(Some(noted.socket.clone()));
        }
        match noted.filter(|noted| living.contains(&noted.process)) {
            _ if living.is_empty() => {
                forget_dead(&self.folder);
                self.start()?;
            }
            // Its socket was taken away: nobody will ever reach it.
            Some(noted) if waited > ORPHANS && !noted.socket.join(SOCKET_FILE).exists() => {
                self.stop()?;
            }
            // On its way up or down.
            Some(_) => {}
            // What a killed server left ends by itself, or is told to.
            None if waited > ORPHANS => dismiss(&living)?,
            None => {}
        }
        Ok(None)
    }

    /// Stops the server; connections are cut, what was committed is kept.
    ///
    /// # Errors
    /// With what `pg_ctl` said.
    pub fn stop(&self) -> anyhow::Result<()> {
        let path = self.folder.path();
        let living = in_folder(path, &self.account)?;
        let noted = noted(&self.folder).filter(|noted| living.contains(&noted.process));
        let Some(Noted { socket, .. }) = noted else { return Ok(()) };
        run(self.pg_ctl().args(["stop", "-s", "-w", "-t", "60", "-m", "fast", "-D", "."]))?;
        if socket != path {
            // A short folder was made for this run only; it is empty now.
            let _ = fs::remove_dir(socket);
        }
        Ok(())
    }

    fn start(&self) -> anyhow::Result<()> {
        let path = self.folder.path();
        let settings = path.join("wangge.conf");
        let before = named_socket(&settings).filter(|socket| socket.is_dir());
        let socket = match before {
            // Other processes of ours may be waiting for the server to come back there.
            Some(socket) if socket != path => socket,
            _ => self.folder.socket_folder(SOCKET_FILE, &self.account)?,
        };
        fs::write(&settings, settings_text(&socket))?;
        self.account.give(&settings)?;
        let log = path.join(LOG);
        let mut start = self.pg_ctl();
        start.args(["start", "-s", "-w", "-D", ".", "-l", LOG, "-t"]);
        match run(start.arg(PATIENCE.as_secs().to_string())) {
            Ok(()) => Ok(()),
            // A start that another process began before it was killed may have won.
            Err(_) if !in_folder(path, &self.account)?.is_empty() => Ok(()),
            Err(error) => Err(error.context(format!(
                "the private cluster did not start; the end of {}:\n{}\n",
                log.display(),
                end_of(&log)
            ))),
        }
    }

    /// `pg_ctl` in the cluster's folder: it hands the paths it is given to a shell, and a folder
    /// may be called anything.
    fn pg_ctl(&self) -> Command {
        let mut command = self.account.command(&self.programs.path("pg_ctl"));
        command.current_dir(self.folder.path());
        command
    }

    /// Whether the server takes connections.
    fn answers(&self, noted: &Noted) -> bool {
        let mut ready = self.account.command(&self.programs.path("pg_isready"));
        ready
            .args(["-q", "-t", "3", "-U", super::NAME, "-d", "postgres", "-p"])
            .arg(PORT.to_string())
            .arg("-h")
            .arg(&noted.socket);
        ready.status().is_ok_and(|status| status.success())
    }
}

/// A socket only, and room for a few processes with a pool each. No parallel workers: they talk
/// through /dev/shm, of which a container often has 64 MB.
fn settings_text(socket: &Path) -> String {
    format!(
        "listen_addresses = ''\nunix_socket_directories = '{}'\nunix_socket_permissions = 0700\n\
         port = {PORT}\nmax_connections = 200\nmax_parallel_workers_per_gather = 0\njit = off\n\
         timezone = 'UTC'\nlog_timezone = 'UTC'\n",
        socket.display()
    )
}

/// The socket's folder in the settings of the last start.
fn named_socket(settings: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(settings).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("unix_socket_directories = '"))?;
    Some(PathBuf::from(line.strip_suffix('\'')?))
}

/// What the server noted about itself in `postmaster.pid`.
struct Noted {
    process: i32,
    socket: PathBuf,
}

fn noted(folder: &Folder) -> Option<Noted> {
    let text = fs::read_to_string(folder.path().join("postmaster.pid")).ok()?;
    let lines: Vec<&str> = text.lines().collect();
    let socket = PathBuf::from(lines.get(4)?.trim());
    Some(Noted { process: lines.first()?.trim().parse().ok()?, socket })
}

/// Every process of PostgreSQL's that works in the cluster's folder: its server and what the server
/// started. The account itself looks: in a container even root may not see where the processes of
/// others work.
fn in_folder(folder: &Path, account: &Account) -> anyhow::Result<Vec<i32>> {
    let mut find = account.command(Path::new("/usr/bin/find"));
    find.args([
        "/proc",
        "-mindepth",
        "2",
        "-maxdepth",
        "2",
        "-name",
        "cwd",
        "-printf",
        "%p\\t%l\\0",
    ]);
    let found = find.stderr(Stdio::null()).output().context("/usr/bin/find cannot be started")?;
    let living = found.stdout.split(|byte| *byte == 0).filter_map(|line| {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let (process, working) = (std::str::from_utf8(&line[..tab]).ok()?, &line[tab + 1..]);
        let process = process.strip_prefix("/proc/")?.strip_suffix("/cwd")?.parse().ok()?;
        (working == folder.as_os_str().as_encoded_bytes() && is_postgres(process))
            .then_some(process)
    });
    Ok(living.collect())
}

/// Whether a process is PostgreSQL's, and not a shell that somebody left in the folder.
fn is_postgres(process: i32) -> bool {
    fs::read_to_string(format!("/proc/{process}/comm")).is_ok_and(|name| name.trim() == "postgres")
}

/// Nobody lives in the folder, so what a killed server noted there goes: its number may be somebody
/// else's by now, or still be listed because nobody waited for it, and PostgreSQL would take that
/// for a server.
fn forget_dead(folder: &Folder) {
    let path = folder.path();
    let socket = named_socket(&path.join("wangge.conf")).unwrap_or_else(|| path.to_path_buf());
    let lock = socket.join(format!("{SOCKET_FILE}.lock"));
    let note = path.join("postmaster.pid");
    if note.exists() {
        tracing::info!("the private cluster was not shut down; it recovers");
    }
    for left in [note, lock, socket.join(SOCKET_FILE)] {
        // Most often it is not there.
        let _ = fs::remove_file(left);
    }
}

/// Tells processes without a server to end.
fn dismiss(processes: &[i32]) -> anyhow::Result<()> {
    for process in processes {
        let process = Pid::from_raw(*process).context("no process has this number")?;
        // It may have ended since.
        let _ = kill_process(process, Signal::QUIT);
    }
    Ok(())
}

fn end_of(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
