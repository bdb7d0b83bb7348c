//! A private PostgreSQL cluster in the data folder, for whoever gives no `DATABASE_URL`.
//!
//! `DATA_DIR/pg` is an ordinary cluster that listens on a Unix socket only. Two lock files stand
//! beside it: `pg.lock` is held while a process decides to start or stop the cluster, `pg.users`
//! is held, shared, by every process that uses it. So two starts do not fight, and the last to
//! leave stops it. The kernel frees both locks when a process is killed; a cluster left running
//! by that is found and used by the next one, and one that was killed itself is started again.

mod account;
mod folder;
mod programs;
mod server;

use account::Account;
use anyhow::Context;
use folder::Folder;
use programs::Programs;
use rustix::fs::{FlockOperation, flock};
use server::Server;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use tokio_postgres::NoTls;

/// The database, and the user that owns it.
const NAME: &str = "wangge";

/// A running private cluster; when the last process drops its last one, the cluster stops.
#[derive(Debug)]
pub struct Cluster {
    connect: tokio_postgres::Config,
    /// Taken before leaving.
    door: File,
    /// Held, shared, while this process uses the cluster.
    using: Option<File>,
    server: Server,
    door_path: PathBuf,
}

impl Cluster {
    /// Starts the cluster of a data folder, makes it first if need be, or joins it if it runs.
    ///
    /// # Errors
    /// With a sentence: PostgreSQL or PostGIS is not installed, the folder cannot be used.
    pub async fn open(data_dir: &Path) -> anyhow::Result<Self> {
        let data_dir = data_dir.to_path_buf();
        let entered = tokio::task::spawn_blocking(move || Self::enter(&data_dir)).await?;
        let (server, door, using, door_path) = entered?;
        let socket = server.ensure().await?;
        flock(&using, FlockOperation::LockShared)?;
        let mut connect = tokio_postgres::Config::new();
        connect.host_path(socket).port(server::PORT).user(NAME);
        let cluster = Self { connect, door, using: Some(using), server, door_path };
        // Made before anybody else is let in.
        cluster.make_database().await?;
        flock(&cluster.door, FlockOperation::Unlock)?;
        Ok(cluster)
    }

    /// How to connect to a database of the cluster.
    pub fn connect(&self, database: &str) -> tokio_postgres::Config {
        let mut connect = self.connect.clone();
        connect.dbname(database);
        connect
    }

    /// How to connect to the service's own database.
    pub fn own(&self) -> tokio_postgres::Config {
        self.connect(NAME)
    }

    /// Locks the door and finds the cluster's folder, or makes it.
    fn enter(data_dir: &Path) -> anyhow::Result<(Server, File, File, PathBuf)> {
        let name = data_dir.display();
        std::fs::create_dir_all(data_dir).with_context(|| {
            format!("the data folder {name} cannot be made / 无法创建数据目录 {name}")
        })?;
        let data_dir = data_dir.canonicalize()?;
        let door_path = data_dir.join("pg.lock");
        let door = lock_file(&door_path)?;
        let using = lock_file(&data_dir.join("pg.users"))?;
        flock(&door, FlockOperation::LockExclusive)?;
        let folder = Folder::find(&data_dir)?;
        let account = Account::choose(folder.as_ref().map(Folder::path))?;
        let programs = Programs::find(folder.as_ref())?;
        let folder = match folder {
            Some(folder) => folder,
            None => Folder::make(&data_dir, &programs, &account)?,
        };
        Ok((Server { folder, programs, account }, door, using, door_path))
    }

    /// Sees to it that the cluster runs, after it has stopped answering.
    ///
    /// # Errors
    /// When it cannot be started again.
    pub async fn revive(&self) -> anyhow::Result<()> {
        // A file of its own: whoever else revives waits here, threads of this process included.
        let door = lock_file(&self.door_path)?;
        let door = tokio::task::spawn_blocking(move || {
            flock(&door, FlockOperation::LockExclusive).map(|()| door)
        });
        let door = door.await??;
        self.server.ensure().await?;
        flock(&door, FlockOperation::Unlock)?;
        Ok(())
    }

    async fn make_database(&self) -> anyhow::Result<()> {
        let (client, connection) = self.connect("postgres").connect(NoTls).await?;
        let driver = tokio::spawn(connection);
        let there = client.query_opt(include_str!("has_database.sql"), &[&NAME]).await?;
        if there.is_none() {
            client.batch_execute(include_str!("create_database.sql")).await?;
        }
        drop(client);
        driver.await??;
        Ok(())
    }

    fn leave(&mut self) -> anyhow::Result<()> {
        flock(&self.door, FlockOperation::LockExclusive)?;
        let Some(using) = self.using.take() else { return Ok(()) };
        flock(&using, FlockOperation::Unlock)?;
        if flock(&using, FlockOperation::NonBlockingLockExclusive).is_ok() {
            self.server.stop()?;
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.leave() {
            tracing::warn!(error = format!("{error:#}"), "the private cluster was not stopped");
        }
    }
}

fn lock_file(path: &Path) -> anyhow::Result<File> {
    let name = path.display();
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .or_else(|_| File::open(path))
        .with_context(|| format!("{name} cannot be opened / 无法打开 {name}"))
}
