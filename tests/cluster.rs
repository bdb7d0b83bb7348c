//! The private cluster: made, shared, killed, brought back, and never run as root.

use domain::reports::{Channel, TakeReport};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use support::Visitor;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Nothing here takes this long unless it hangs.
const HANGS: Duration = Duration::from_secs(120);

fn wangge(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wangge"));
    command.arg("--data-dir").arg(data_dir).env_remove("DATABASE_URL").arg("--json");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// A program that serves.
struct Program {
    child: Child,
    visitor: Visitor,
}

impl Program {
    async fn serve(data_dir: &Path) -> Self {
        let mut command = wangge(data_dir);
        let child = command.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::inherit());
        let mut child = child.spawn().expect("the program starts");
        let out = child.stdout.take().expect("its output is ours");
        let mut lines = BufReader::new(out).lines();
        let line = tokio::time::timeout(HANGS, lines.next_line()).await.expect("it does not hang");
        let line = line.expect("text").expect("it says where it listens");
        let said: Value = serde_json::from_str(&line).expect("one JSON object");
        let visitor = Visitor::new(said["listening"].as_str().expect("an address"));
        Self { child, visitor }
    }

    /// Takes a report in under a key; whether it was there already. `None`: it failed.
    async fn report(&self, key: &str) -> Option<bool> {
        let question = TakeReport {
            text: "墙缝里的垃圾".into(),
            key: Some(key.into()),
            ..TakeReport::new(Channel::Snapshot, 120.6, 31.3)
        };
        self.visitor.ask(&question).await.ok().map(|taken| taken.already)
    }

    async fn stop(mut self) {
        let process = self.child.id().expect("it runs");
        kill(i32::try_from(process).expect("a process number"), Signal::TERM);
        let ended = tokio::time::timeout(HANGS, self.child.wait()).await;
        assert!(ended.expect("it does not hang").expect("it ended").success());
    }

    async fn killed(mut self) {
        self.child.kill().await.expect("it can be killed");
    }
}

fn kill(process: i32, signal: Signal) {
    let process = Pid::from_raw(process).expect("a process number");
    kill_process(process, signal).expect("it can be told");
}

/// The number of the cluster's server, as it notes it itself.
fn server(data_dir: &Path) -> Option<i32> {
    let note = fs::read_to_string(data_dir.join("pg/postmaster.pid")).ok()?;
    note.lines().next()?.trim().parse().ok()
}

/// Runs `wangge migrate` to its end and gives what it answered.
async fn migrate(mut command: Command) -> Value {
    let done = tokio::time::timeout(HANGS, command.arg("migrate").output()).await;
    let done = done.expect("it does not hang").expect("it starts");
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{err}");
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    // The account the cluster runs under must be able to pass through.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let data_dir = folder.path().join("data");
    (folder, data_dir)
}

#[tokio::test]
async fn a_killed_program_and_a_killed_server_lose_nothing_that_was_acknowledged() {
    let (_folder, data_dir) = folder();
    let program = Program::serve(&data_dir).await;
    assert_eq!(program.report("first").await, Some(false));
    let before = server(&data_dir).expect("a server runs");
    program.killed().await;

    let program = Program::serve(&data_dir).await;
    assert_eq!(server(&data_dir), Some(before), "the server left running is used again");
    assert_eq!(program.report("first").await, Some(true));
    assert_eq!(program.report("second").await, Some(false));
    kill(before, Signal::KILL);
    program.killed().await;

    let program = Program::serve(&data_dir).await;
    assert_ne!(server(&data_dir), Some(before));
    assert_eq!(program.report("first").await, Some(true));
    assert_eq!(program.report("second").await, Some(true));
    program.stop().await;
    assert_eq!(server(&data_dir), None, "the last to leave stops the server");
}

#[tokio::test]
async fn a_program_brings_its_killed_server_back_while_it_serves() {
    let (_folder, data_dir) = folder();
    let program = Program::serve(&data_dir).await;
    assert_eq!(program.report("first").await, Some(false));
    let before = server(&data_dir);
    kill(before.expect("a server runs"), Signal::KILL);
    let again = async {
        loop {
            match program.report("first").await {
                Some(already) if server(&data_dir) != before => return already,
                _ => {}
            }
        }
    };
    assert!(tokio::time::timeout(HANGS, again).await.expect("it comes back"));
    program.stop().await;
    assert_eq!(server(&data_dir), None);
}

#[tokio::test]
async fn two_programs_started_together_share_one_server_until_the_last_leaves() {
    let (_folder, data_dir) = folder();
    let (one, two) = tokio::join!(Program::serve(&data_dir), Program::serve(&data_dir));
    assert_eq!(one.report("first").await, Some(false));
    assert_eq!(two.report("first").await, Some(true));
    one.stop().await;
    assert_eq!(two.report("first").await, Some(true));
    two.stop().await;
    assert_eq!(server(&data_dir), None);
}

#[tokio::test]
async fn a_folder_whose_name_no_socket_could_bear_will_do() {
    let (_folder, data_dir) = folder();
    let data_dir = data_dir.join("网格 data's, \"long\"").join("x".repeat(120));
    let answer = migrate(wangge(&data_dir)).await;
    assert_eq!(
        answer["applied"].as_array().map(Vec::len),
        answer["newest"].as_u64().map(|n| n as usize)
    );
    let answer = migrate(wangge(&data_dir)).await;
    assert_eq!(answer["applied"], serde_json::json!([]));
}

#[tokio::test]
async fn the_server_never_runs_as_root_wherever_the_folder_lies() {
    let (folder, data_dir) = folder();
    let program = Program::serve(&data_dir).await;
    let owner = fs::metadata(data_dir.join("pg")).expect("it is there").uid();
    assert_ne!(owner, 0);
    let process = PathBuf::from(format!("/proc/{}", server(&data_dir).expect("a server runs")));
    assert_eq!(fs::metadata(process).expect("it runs").uid(), owner);
    program.stop().await;
    if geteuid().is_root() {
        // As under /root: the account of the cluster may not pass.
        let closed = folder.path().join("closed");
        fs::create_dir(&closed).expect("a folder");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("it is ours");
        migrate(wangge(&closed)).await;
        let elsewhere = closed.join("pg").canonicalize().expect("a link that leads somewhere");
        assert!(elsewhere.starts_with("/var/lib/wangge"), "{}", elsewhere.display());
        fs::remove_dir_all(elsewhere).expect("it can be removed");
    } else {
        assert_eq!(owner, geteuid().as_raw());
    }
}

#[tokio::test]
async fn an_ordinary_user_runs_the_cluster_under_their_own_name() {
    let (folder, data_dir) = folder();
    let mut command = wangge(&data_dir);
    let user = if geteuid().is_root() {
        // The target folder may lie where only root may pass.
        let copy = folder.path().join("wangge");
        fs::copy(env!("CARGO_BIN_EXE_wangge"), &copy).expect("a copy");
        fs::create_dir(&data_dir).expect("a folder");
        chown(&data_dir, Some(65_534), Some(65_534)).expect("root may");
        command = Command::new(copy);
        command.arg("--data-dir").arg(&data_dir).env_remove("DATABASE_URL").arg("--json");
        command.uid(65_534).gid(65_534).current_dir("/").kill_on_drop(true);
        65_534
    } else {
        geteuid().as_raw()
    };
    migrate(command).await;
    assert_eq!(fs::metadata(data_dir.join("pg")).expect("it is there").uid(), user);
}
