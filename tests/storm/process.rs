//! The program in a process of its own.

use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use support::{Database, Visitor, data_dir};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A server that can be killed.
pub struct Process {
    child: Child,
    /// Nobody in particular, in front of it.
    pub visitor: Visitor,
}

impl Process {
    /// Starts one over a database, with these in its environment.
    pub async fn start(database: &Database, environment: &[(&str, &str)]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_wangge"));
        program.env("DATABASE_URL", database.url()).env("WANGGE_DATA_DIR", data_dir());
        Self::of(program.envs(environment.iter().copied())).await
    }

    /// Starts one over a private cluster in a folder.
    pub async fn private(folder: &Path) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_wangge"));
        Self::of(program.env_remove("DATABASE_URL").env("WANGGE_DATA_DIR", folder)).await
    }

    async fn of(program: &mut Command) -> Self {
        let mut child = program
            .args(["serve", "--listen", "127.0.0.1:0", "--json", "--log", "error"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let line = lines.next_line().await.expect("it answers").expect("a line");
        let answer: Value = serde_json::from_str(&line).expect("one JSON object");
        let visitor = Visitor::new(answer["listening"].as_str().expect("an address"));
        Self { child, visitor }
    }

    /// Kills it with SIGKILL.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it can be killed");
    }
}
