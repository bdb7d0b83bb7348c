//! Databases for tests: one private cluster for all of them, a migrated template, clones of it.

use backend::config::Config;
use backend::db::cluster::Cluster;
use backend::db::{Db, migrate};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::{Client, NoTls};

/// Taken while the template is looked for and made.
const LOCK: i64 = 0x7465_7374;

/// The data folder of the tests' cluster, in the target folder.
pub fn data_dir() -> PathBuf {
    let program = std::env::current_exe().expect("a test knows where it lies");
    let target = program.ancestors().find(|path| path.ends_with("deps")).and_then(Path::parent);
    target.expect("a test lies in the target folder").join("wangge-tests")
}

/// A database of its own for a test; [`Database::drop`] removes it.
pub struct Database {
    name: String,
    cluster: Arc<Cluster>,
}

impl Database {
    /// A fresh one, migrated.
    pub async fn migrated() -> Self {
        let cluster = cluster().await;
        let admin = admin(&cluster).await;
        let template = template(&admin, &cluster).await;
        Self::create(cluster, &admin, &format!("template {template}")).await
    }

    /// A fresh one without a table.
    pub async fn empty() -> Self {
        let cluster = cluster().await;
        let admin = admin(&cluster).await;
        Self::create(cluster, &admin, "").await
    }

    async fn create(cluster: Arc<Cluster>, admin: &Client, from: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        // Writing the files costs a checkpoint; writing the log does not.
        let create = format!("create database {name} {from} strategy wal_log");
        let create = if server_version(admin).await < 150_000 {
            create.trim_end_matches(" strategy wal_log").to_owned()
        } else {
            create
        };
        admin.batch_execute(&create).await.expect("a test database can be made");
        Self { name, cluster }
    }

    /// How to connect to it.
    pub fn connect(&self) -> tokio_postgres::Config {
        self.cluster.connect(&self.name)
    }

    /// How to connect to it, as `DATABASE_URL` says it.
    pub fn url(&self) -> String {
        let connect = self.connect();
        let host = connect.get_hosts().first().expect("the cluster has a socket");
        let tokio_postgres::config::Host::Unix(socket) = host else {
            unreachable!("the cluster listens on a socket only")
        };
        let socket = socket.display().to_string().replace('\\', "\\\\").replace('\'', "\\'");
        format!("host='{socket}' user=wangge dbname={}", self.name)
    }

    /// A connection of its own.
    pub async fn client(&self) -> Client {
        open(&self.connect()).await
    }

    /// A pool over it.
    pub fn db(&self) -> Db {
        Db::over(self.connect(), 4).expect("the settings of a pool are complete")
    }

    /// A configuration that uses it.
    pub fn config(&self) -> Config {
        Config {
            data_dir: data_dir(),
            database_url: Some(self.url()),
            database_connections: 4,
            log: "info".into(),
            log_json: false,
        }
    }

    /// Removes it.
    pub async fn drop(self) {
        let admin = admin(&self.cluster).await;
        let remove = format!("drop database {} with (force)", self.name);
        admin.batch_execute(&remove).await.expect("a test database can be dropped");
    }
}

async fn open(connect: &tokio_postgres::Config) -> Client {
    let (client, connection) = connect.connect(NoTls).await.expect("the cluster answers");
    tokio::spawn(connection);
    client
}

async fn admin(cluster: &Cluster) -> Client {
    open(&cluster.connect("postgres")).await
}

/// The cluster, which stops when the last test of the last process has dropped it.
async fn cluster() -> Arc<Cluster> {
    let cluster = Cluster::open(&data_dir()).await.expect("PostgreSQL with PostGIS is installed");
    let admin = admin(&cluster).await;
    // Nothing here must outlive a power cut; processes may still be killed at any moment.
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let off = format!("alter system set {setting} = off");
        // Two tests may write the file at once.
        let _ = admin.batch_execute(&off).await;
    }
    admin.batch_execute("select pg_reload_conf()").await.expect("settings can be read again");
    Arc::new(cluster)
}

async fn server_version(admin: &Client) -> i32 {
    let row = admin.query_one("select current_setting('server_version_num')::int4", &[]).await;
    row.expect("a server knows its version").get(0)
}

/// The template of today's migrations, made by whoever needs it first.
async fn template(admin: &Client, cluster: &Cluster) -> String {
    let mut hash = Sha256::new();
    for migration in migrate::MIGRATIONS {
        hash.update(migration.sql);
    }
    let hash: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("template_{hash}");
    let lock = "select pg_advisory_lock($1)";
    admin.execute(lock, &[&LOCK]).await.expect("the lock can be waited for");
    if !exists(admin, &name).await {
        clear(admin).await;
        let making = format!("{name}_making");
        let remove = format!("drop database if exists {making} with (force)");
        admin.batch_execute(&remove).await.expect("a half-made template can be dropped");
        let create = format!("create database {making}");
        admin.batch_execute(&create).await.expect("a template can be made");
        let (mut client, connection) =
            cluster.connect(&making).connect(NoTls).await.expect("the cluster answers");
        let driver = tokio::spawn(connection);
        migrate::migrate(&mut client, migrate::MIGRATIONS).await.expect("the migrations apply");
        drop(client);
        driver.await.expect("no panic").expect("the connection ends in peace");
        let rename = format!("alter database {making} rename to {name}");
        admin.batch_execute(&rename).await.expect("a template can be named");
    }
    admin.execute("select pg_advisory_unlock($1)", &[&LOCK]).await.expect("the lock is ours");
    name
}

async fn exists(admin: &Client, name: &str) -> bool {
    let found = admin.query_opt("select from pg_database where datname = $1", &[&name]).await;
    found.expect("the cluster answers").is_some()
}

/// Removes older templates and the databases of tests that were killed.
async fn clear(admin: &Client) {
    let rows = admin.query("select datname from pg_database", &[]).await.expect("it answers");
    for row in rows {
        let name: String = row.get("datname");
        let process = name.strip_prefix("test_").and_then(|rest| rest.split('_').next());
        let dead = process.is_some_and(|process| !Path::new("/proc").join(process).exists());
        if dead || name.starts_with("template_") {
            // An older checkout's tests may be using it; then it stays.
            let _ = admin.batch_execute(&format!("drop database {name}")).await;
        }
    }
}
