//! Connections to the database: a pool, and single ones for what must not share (listening).

use crate::config::Config;
use crate::db::cluster::Cluster;
use crate::db::migrate;
use anyhow::{Context, bail};
use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::{AsyncMessage, NoTls};

/// A connection lent by the pool.
pub type Client = deadpool_postgres::Client;

/// How long a call waits for a connection before it fails.
const WAIT: Duration = Duration::from_secs(15);

/// The database of this process.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    config: tokio_postgres::Config,
    /// Kept running while anybody here uses it. Dropped last, after the connections.
    cluster: Option<Arc<Cluster>>,
}

impl Db {
    /// Connects and brings the tables up to date.
    ///
    /// # Errors
    /// A sentence for the person at the terminal: no database, too old, changed migrations.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let db = Self::connect(config).await?;
        migrate::migrate(&mut *db.client().await?, migrate::MIGRATIONS).await?;
        Ok(db)
    }

    /// Connects without touching the tables.
    ///
    /// # Errors
    /// When there is no database to connect to.
    pub async fn connect(config: &Config) -> anyhow::Result<Self> {
        let connections = usize::from(config.database_connections);
        let Some(url) = &config.database_url else {
            let cluster = Cluster::open(&config.data_dir).await?;
            let mut db = Self::over(cluster.own(), connections)?;
            db.cluster = Some(Arc::new(cluster));
            return Ok(db);
        };
        let parsed: tokio_postgres::Config = url.parse().context(
            "DATABASE_URL is not a connection string such as postgres://user@host/database",
        )?;
        let db = Self::over(parsed, connections)?;
        drop(db.client().await.context(
            "the database of DATABASE_URL does not answer / 无法连接 DATABASE_URL 指定的数据库",
        )?);
        Ok(db)
    }

    /// A pool over connection settings, not yet connected.
    ///
    /// # Errors
    /// Never in practice: the pool's settings are complete.
    pub fn over(mut config: tokio_postgres::Config, connections: usize) -> anyhow::Result<Self> {
        config.application_name("wangge").connect_timeout(Duration::from_secs(10));
        let how = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config.clone(), NoTls, how))
            .max_size(connections)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self { pool, config, cluster: None })
    }

    /// A connection; it goes back to the pool when dropped. A private cluster that was killed is
    /// started again.
    ///
    /// # Errors
    /// When none is free or made in time.
    pub async fn client(&self) -> Result<Client, PoolError> {
        let failed = match self.pool.get().await {
            Err(error @ PoolError::Backend(_)) => error,
            other => return other,
        };
        let Some(cluster) = self.cluster.clone() else { return Err(failed) };
        tracing::warn!(error = %failed, "the private cluster does not answer; seeing to it");
        if let Err(error) = cluster.revive().await {
            tracing::error!(error = format!("{error:#}"), "the private cluster stays down");
            return Err(failed);
        }
        self.pool.get().await
    }

    /// A connection of its own that listens on a channel: every payload is handed to `heard`. It
    /// ends, with the reason, when the connection ends; whoever called listens again then, after
    /// reading what may have been missed.
    ///
    /// `listening` is called once the channel is listened to: nothing sent later is missed.
    ///
    /// # Errors
    /// Always, when the connection ends.
    pub async fn listen(
        &self,
        channel: &str,
        listening: impl FnOnce(),
        mut heard: impl FnMut(&str),
    ) -> anyhow::Result<()> {
        // Through the pool first: it brings a private cluster back that was killed.
        drop(self.client().await?);
        let (client, mut connection) = self.config.connect(NoTls).await?;
        let (sender, mut messages) = tokio::sync::mpsc::unbounded_channel();
        let driver = tokio::spawn(async move {
            while let Some(message) =
                std::future::poll_fn(|context| connection.poll_message(context)).await
            {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        // Ends the connection's task when whoever listens is dropped.
        let _ended = AbortOnDrop(driver);
        client.batch_execute(&format!("listen {}", quoted(channel))).await?;
        listening();
        while let Some(message) = messages.recv().await {
            if let AsyncMessage::Notification(note) = message? {
                heard(note.payload());
            }
        }
        bail!("the connection that listens was closed")
    }
}

/// An identifier in SQL: `listen` takes no parameters.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
