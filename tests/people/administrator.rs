//! The first administrator, made at the terminal.

use super::{PASSWORD, add, sign_in};
use domain::Kind;
use domain::people::{AddUnit, Role, UnitKind, WhoAmI};
use serde_json::Value;
use std::process::Stdio;
use support::{Service, Visitor};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

const CHOSEN: &str = "四面墙之间 2026";

/// Runs the verb with a line on standard input; the answer, if it did what was asked.
async fn administrator(service: &Service, arguments: &[&str], line: &str) -> (bool, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut program = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(["people", "administrator", "--json"])
        .args(arguments)
        .env("DATABASE_URL", service.database.url())
        .env("WANGGE_DATA_DIR", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut input = program.stdin.take().expect("its input");
    // It may have refused before it read.
    let _refused = input.write_all(line.as_bytes()).await;
    drop(input);
    let output = program.wait_with_output().await.expect("it ends");
    let said = serde_json::from_slice(&output.stdout).expect("one object");
    (output.status.success(), said)
}

/// Signed in, with the session in hand.
async fn entered(service: &Service, login: &str, password: &str) -> Visitor {
    let response = service.nobody().send(&sign_in(login, password)).await;
    assert_eq!(response.status().as_u16(), 200);
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    service.nobody().with_session(cookie.split(['=', ';']).nth(1).expect("a token"))
}

#[tokio::test]
async fn the_first_administrator_is_made_at_the_terminal_and_gets_back_in_there() {
    let service = Service::start().await;
    let (done, said) = administrator(&service, &["zhang", "--name", "张华"], "").await;
    assert!(done && said["new"] == true, "{said}");
    let password = said["password"].as_str().expect("a password, shown once").to_owned();
    let zhang = entered(&service, "zhang", &password).await;
    let unit = AddUnit { name: "水务站".to_owned(), kind: UnitKind::Department };
    zhang.ask(&unit).await.expect("an administrator adds units");

    let file = ["zhang", "--password-file", "-"];
    let (done, said) = administrator(&service, &file, &format!("{CHOSEN}\n")).await;
    assert!(done && said["new"] == false && said["password"].is_null(), "{said}");
    assert_eq!(zhang.ask(&WhoAmI {}).await.expect("an answer"), None, "the session has ended");
    let old = service.ask(&sign_in("zhang", &password)).await;
    assert_eq!(old.expect_err("the old one is over").kind, Kind::Nobody);
    let me = service.ask(&sign_in("zhang", CHOSEN)).await.expect("signed in");
    assert_eq!((me.name.as_str(), me.role), ("张华", Role::Administrator));
    service.finish().await;
}

#[tokio::test]
async fn nobody_else_becomes_administrator_that_way_and_weak_passwords_are_refused() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let (done, said) = administrator(&service, &["wang"], "").await;
    assert!(!done && said["error"].as_str().is_some_and(|e| e.contains("grid leader")), "{said}");
    for weak in ["", "short", "aaaaaaaaaaaa", "zhang-zhang-1"] {
        let file = ["zhang", "--password-file", "-"];
        let (done, said) = administrator(&service, &file, weak).await;
        assert!(!done && said["error"].is_string(), "{weak}: {said}");
    }
    service.ask(&sign_in("wang", PASSWORD)).await.expect("nothing has changed");
    service.finish().await;
}
