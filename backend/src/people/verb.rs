//! `wangge people`: the way in for the first administrator, and back in when a password is lost.

use super::{password, store};
use crate::config::Config;
use crate::console::Console;
use crate::db::Db;
use crate::refuse::{OnConstraint, Refused};
use anyhow::Context;
use domain::ids::PersonId;
use domain::people::{ListPeople, Role, UnitKind, check_password};
use domain::word::Word;
use domain::{Kind, Refusal};
use serde_json::json;
use std::io::Read;
use std::path::{Path, PathBuf};
use tokio_postgres::GenericClient;

/// What can be done with people at the terminal; everything else is done by an administrator.
#[derive(Debug, clap::Subcommand)]
pub enum People {
    /// Makes an administrator who can sign in; one who is there gets a new password.
    ///
    /// Whoever can run this has the database anyway. A password that is not given is made and shown
    /// once; only its hash is kept. Sessions under the old password end.
    Administrator(Administrator),
}

impl People {
    /// Does it.
    ///
    /// # Errors
    /// With a sentence for the person at the terminal.
    pub async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        match self {
            Self::Administrator(administrator) => administrator.run(config, console).await,
        }
    }
}

/// Whom to make an administrator.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  wangge people administrator zhang --name 张华
  wangge people administrator zhang --password-file secret.txt
  pass show wangge | wangge people administrator zhang --password-file -")]
pub struct Administrator {
    /// The name to sign in with.
    login: String,
    /// What the person is called; the log-in name if nothing is said.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The file whose first line is the password; - for standard input.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Administrator {
    async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        let login = self.login.trim().to_owned();
        let (password, made) = match &self.password_file {
            Some(file) => (first_line(file)?, None),
            None => {
                let made = new_password();
                (made.clone(), Some(made))
            }
        };
        check_password(&login, &password)?;
        let hash = password::hash(&password);
        let name = self.name.as_deref().unwrap_or(&login).trim().to_owned();
        let db = Db::open(config).await?;
        let mut client = db.client().await?;
        let transaction = client.transaction().await?;
        let (person, new) = put(&*transaction, &login, name, &hash).await?;
        transaction.commit().await?;
        let shown = made.as_ref().map(|made| format!("\n密码 Password: {made}"));
        let done =
            if new { "已添加管理员 added" } else { "已更换密码 new password for" };
        let object = json!({ "person": person, "login": login, "new": new, "password": made });
        console.answer(&object, format!("{done}: {login}{}", shown.unwrap_or_default()))
    }
}

/// Adds the administrator or changes their password; whether they are new.
async fn put(
    db: &impl GenericClient,
    login: &str,
    name: String,
    hash: &str,
) -> Result<(PersonId, bool), Refused> {
    if let Some((person, _)) = store::login(db, login).await? {
        let known = store::people(db, Some(person), &ListPeople::default(), 1).await?.pop();
        if let Some(other) = known.filter(|known| known.role != Role::Administrator) {
            return Err(not_an_administrator(login, other.role).into());
        }
        store::set_password(db, person, login, hash).await?;
        store::close_sessions(db, person).await?;
        return Ok((person, false));
    }
    let unit = store::units(db, Some(UnitKind::Centre)).await?.into_iter().next();
    let unit = unit.context("no linkage centre: the database is not whole")?.id;
    let login = Some((login.to_owned(), hash.to_owned()));
    let new = store::NewPerson { name, role: Role::Administrator, unit, duty_desk: false, login };
    let added = store::add_people(db, &[new]).await;
    let added = added.on_constraint("login_is_taken", left)?;
    Ok((added[0], true))
}

fn not_an_administrator(login: &str, role: Role) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        format!("用户名“{login}”属于{}，请另取一个，或由系统管理员调整其身份。", role.zh()),
        format!("“{login}” is the log-in name of a {}: choose another.", role.en()),
    )
}

fn left() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "该用户名属于已停用的人员，请另取一个。",
        "That log-in name is of somebody who has left: choose another.",
    )
}

/// 80 random bits, in groups that can be read aloud.
fn new_password() -> String {
    let token = password::new_token();
    let groups: Vec<&str> = (0..5).map(|group| &token[4 * group..4 * group + 4]).collect();
    groups.join("-")
}

fn first_line(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text)?;
    } else {
        text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read / 无法读取", file.display()))?;
    }
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
