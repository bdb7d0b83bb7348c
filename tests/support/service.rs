//! A server of a test's own.

use crate::ask::Visitor;
use crate::databases::Database;
use crate::logs::Logs;
use backend::config::{PhotosConfig, ServeConfig};
use backend::db::Db;
use backend::people::{password, store};
use backend::serve::Server;
use domain::ids::UnitId;
use domain::people::{Role, UnitKind};
use domain::word::Word;
use domain::{Call, Refusal};
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The way to stop a server, and its end.
type Running = (oneshot::Sender<()>, JoinHandle<Result<(), String>>);

/// The real server over a database of its own.
pub struct Service {
    /// Where it listens, as in `http://127.0.0.1:40000`.
    pub url: String,
    /// Its database.
    pub database: Database,
    /// A pool of the test's own over the same database.
    pub db: Db,
    /// Where its photos lie, unless the test says otherwise.
    pub photos: TempDir,
    /// What it logged.
    pub logs: Logs,
    nobody: Visitor,
    running: Option<Running>,
}

impl Service {
    /// Over a fresh database.
    pub async fn start() -> Self {
        Self::over(Database::migrated().await, |_| {}).await
    }

    /// Over a database, with changes to what the server is told.
    pub async fn over(database: Database, change: impl FnOnce(&mut ServeConfig)) -> Self {
        let logs = Logs::listen();
        let photos = tempfile::tempdir().expect("a folder for photos");
        let photos_dir = Some(photos.path().to_owned());
        let mut serve = ServeConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            web_dir: PathBuf::from("no-front-end-in-this-test"),
            behind_proxy: false,
            base_map: None,
            base_map_upstream: None,
            webhooks_to_private: false,
            photos: PhotosConfig { photos_dir, ..PhotosConfig::default() },
            webhooks_at_once: 8,
        };
        change(&mut serve);
        let server = Server::start(&database.config(), serve).await.expect("the server starts");
        let url = format!("http://{}", server.address);
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            let done = server.run(async move { drop(stopped.await) }).await;
            done.map_err(|error| format!("{error:#}"))
        });
        let (nobody, db) = (Visitor::new(&url), database.db());
        Self { url, database, db, photos, logs, nobody, running: Some((stop, serving)) }
    }

    /// Whoever is not signed in.
    pub fn nobody(&self) -> &Visitor {
        &self.nobody
    }

    /// A new person with this role at the linkage centre, signed in.
    pub async fn signed_in(&self, role: Role) -> Visitor {
        self.signed_in_at(role, UnitKind::Centre, "联动中心", None).await.0
    }

    /// A new person with this role in a unit, posted to a cell (level and code), signed in.
    pub async fn signed_in_at(
        &self,
        role: Role,
        kind: UnitKind,
        unit: &str,
        post: Option<(u8, &str)>,
    ) -> (Visitor, UnitId) {
        let client = self.db.client().await.expect("the database answers");
        let unit = store::add_unit(&**client, unit, kind).await.expect("a unit can be added");
        let person = store::NewPerson {
            name: format!("{} {}", role.zh(), role.en()),
            role,
            unit,
            duty_desk: false,
            login: None,
        };
        let people = store::add_people(&**client, &[person]).await.expect("people can be added");
        let token = password::new_token();
        let hash = password::token_hash(&token);
        let opened = store::open_session(&**client, &hash, people[0]).await;
        opened.expect("a session can be opened");
        if let Some((level, cell)) = post {
            let post = store::NewPost { person: people[0], level, cell: cell.to_owned(), role };
            store::add_posts(&**client, &[post]).await.expect("a post can be added");
        }
        (self.nobody.with_session(&token), unit)
    }

    /// Makes a call as nobody in particular.
    ///
    /// # Errors
    /// The refusal.
    pub async fn ask<C: Call>(&self, question: &C) -> Result<C::Answer, Refusal> {
        self.nobody.ask(question).await
    }

    /// Stops the server, removes the database, and fails if a WARN or ERROR was logged that the
    /// test has not taken from [`Service::logs`].
    pub async fn finish(mut self) {
        let (stop, serving) = self.running.take().expect("a service is finished once");
        drop(stop);
        serving.await.expect("no panic").expect("the server stops in peace");
        let lines = self.logs.take();
        assert!(lines.is_empty(), "unexpected in the log:\n{}", lines.join("\n"));
        self.database.drop().await;
    }
}
