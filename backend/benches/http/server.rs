//! The server and its database as a bench runs them, and `pgbench` beside them.

use backend::db::cluster::Cluster;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The server, told to stop when dropped, so that it stops its database too.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let told = Pid::from_raw(self.0.id() as i32).map(|pid| kill_process(pid, Signal::TERM));
        if matches!(told, Some(Ok(()))) {
            // There is nobody to tell how it ended.
            let _ended = self.0.wait();
        }
    }
}

/// Starts the server over a private cluster in a folder.
pub fn serve(folder: &Path) -> (Running, SocketAddr) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(["serve", "--json", "--listen", "127.0.0.1:0", "--log", "warn", "--data-dir"])
        .arg(folder)
        .env_remove("DATABASE_URL")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = std::io::BufReader::new(server.stdout.take().expect("its output"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut lines, &mut line).expect("a line");
    let answer: Value = serde_json::from_str(&line).expect("one JSON object");
    let url = answer["listening"].as_str().expect("an address");
    (Running(server), url.trim_start_matches("http://").parse().expect("an address"))
}

/// Transactions a second that `pgbench` reaches with a script and the values of its variables.
pub async fn pgbench(
    folder: &Path,
    script: &str,
    values: &[(&str, &str)],
    connections: usize,
    seconds: u64,
) -> f64 {
    let file = folder.join("pgbench.sql");
    std::fs::write(&file, script).expect("a script");
    let cluster = Cluster::open(folder).await.expect("the cluster runs");
    let connect = cluster.own();
    let Some(tokio_postgres::config::Host::Unix(socket)) = connect.get_hosts().first() else {
        panic!("the private cluster listens on a socket")
    };
    let output = tokio::process::Command::new("pgbench")
        .args(["--no-vacuum", "--protocol", "prepared", "--jobs", "2"])
        .args(values.iter().map(|(name, value)| format!("--define={name}={value}")))
        .args(["--client", &connections.to_string(), "--time", &seconds.to_string()])
        .arg("--file")
        .arg(&file)
        .arg("--host")
        .arg(socket)
        .args(["--username", connect.get_user().unwrap_or("wangge")])
        .arg(connect.get_dbname().unwrap_or("wangge"))
        .output()
        .await
        .expect("pgbench is installed with PostgreSQL");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next());
    tps.and_then(|tps| tps.parse().ok()).unwrap_or_else(|| panic!("{text}{told}"))
}

/// The one in the middle.
pub fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
