//! Brings a database up to date: every migration once, in order, and none that changed afterwards.
//!
//! All of it happens in one transaction under one advisory lock, so that two servers may start
//! together and a failure leaves the database as it was.

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use tokio_postgres::{GenericClient, Transaction};

/// A step of the data model.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Counted from 1 without gaps.
    pub number: i32,
    /// The noun it is about.
    pub name: &'static str,
    /// Its statements.
    pub sql: &'static str,
}

/// Every migration of this program, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "people",
        sql: include_str!("../../../migrations/0001_people.sql"),
    },
    Migration { number: 2, name: "grids", sql: include_str!("../../../migrations/0002_grids.sql") },
    Migration {
        number: 3,
        name: "reports",
        sql: include_str!("../../../migrations/0003_reports.sql"),
    },
    Migration {
        number: 4,
        name: "tickets",
        sql: include_str!("../../../migrations/0004_tickets.sql"),
    },
    Migration {
        number: 5,
        name: "tickets_whistles",
        sql: include_str!("../../../migrations/0005_tickets_whistles.sql"),
    },
    Migration {
        number: 6,
        name: "tickets_telling",
        sql: include_str!("../../../migrations/0006_tickets_telling.sql"),
    },
    Migration {
        number: 7,
        name: "tickets_tracking",
        sql: include_str!("../../../migrations/0007_tickets_tracking.sql"),
    },
    Migration {
        number: 8,
        name: "tickets_campaigns",
        sql: include_str!("../../../migrations/0008_tickets_campaigns.sql"),
    },
    Migration {
        number: 9,
        name: "tickets_notices",
        sql: include_str!("../../../migrations/0009_tickets_notices.sql"),
    },
    Migration {
        number: 10,
        name: "tickets_merges",
        sql: include_str!("../../../migrations/0010_tickets_merges.sql"),
    },
    Migration {
        number: 11,
        name: "tickets_care",
        sql: include_str!("../../../migrations/0011_tickets_care.sql"),
    },
    Migration {
        number: 12,
        name: "reports_photos",
        sql: include_str!("../../../migrations/0012_reports_photos.sql"),
    },
    Migration {
        number: 13,
        name: "tickets_photos",
        sql: include_str!("../../../migrations/0013_tickets_photos.sql"),
    },
    Migration {
        number: 14,
        name: "reports_personal",
        sql: include_str!("../../../migrations/0014_reports_personal.sql"),
    },
];

/// The lock every migrating process takes: "wangge" as a number.
const LOCK: i64 = 0x77_61_6e_67_67_65;

/// The oldest PostGIS whose functions the statements use.
const OLDEST_POSTGIS: (u32, u32) = (3, 3);

/// Applies what is missing and answers it.
///
/// # Errors
/// With a sentence: PostGIS missing or too old, a changed migration, a database newer than the
/// program, or the statement that failed.
pub async fn migrate(
    client: &mut tokio_postgres::Client,
    migrations: &[Migration],
) -> anyhow::Result<Vec<Migration>> {
    let transaction = client.transaction().await?;
    transaction.execute(include_str!("lock.sql"), &[&LOCK]).await?;
    postgis(&transaction).await?;
    transaction.batch_execute(include_str!("create_migrations.sql")).await?;
    let applied = applied(&transaction).await?;
    agree(&applied, migrations)?;
    let mut done = Vec::new();
    for migration in &migrations[applied.len()..] {
        let Migration { number, name, sql } = *migration;
        transaction
            .batch_execute(sql)
            .await
            .with_context(|| format!("migration {number:04}_{name} failed; nothing was changed"))?;
        let hash = hash(sql);
        transaction.execute(include_str!("add_migration.sql"), &[&number, &name, &hash]).await?;
        done.push(*migration);
    }
    transaction.commit().await?;
    Ok(done)
}

/// A migration as the database remembers it.
struct Applied {
    number: i32,
    name: String,
    sha256: String,
}

async fn applied(db: &impl GenericClient) -> anyhow::Result<Vec<Applied>> {
    let rows = db.query(include_str!("migrations.sql"), &[]).await?;
    let read = |row: &tokio_postgres::Row| Applied {
        number: row.get("number"),
        name: row.get("name"),
        sha256: row.get("sha256"),
    };
    Ok(rows.iter().map(read).collect())
}

/// Refuses a database whose history is not the beginning of ours.
fn agree(applied: &[Applied], migrations: &[Migration]) -> anyhow::Result<()> {
    for (place, was) in applied.iter().enumerate() {
        let Some(ours) = migrations.get(place) else {
            bail!(
                "the database knows migration {:04}_{} and this program does not: it was used by \
                 a newer Wangge. Install that one. / 数据库已由更新版本的网格升级，请安装新版本。",
                was.number,
                was.name
            );
        };
        if (was.number, was.name.as_str()) != (ours.number, ours.name)
            || was.sha256 != hash(ours.sql)
        {
            bail!(
                "migration {:04}_{} was changed after it had been applied to this database. Put \
                 the old file back and write a new migration, or start with an empty database. / \
                 迁移文件在应用之后被修改：请恢复原文件并另写新迁移，或改用空数据库。",
                was.number,
                was.name
            );
        }
    }
    Ok(())
}

fn hash(sql: &str) -> String {
    Sha256::digest(sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes PostGIS available in this database and checks that it is new enough.
async fn postgis(transaction: &Transaction<'_>) -> anyhow::Result<()> {
    if transaction.query_opt(include_str!("has_postgis.sql"), &[]).await?.is_none() {
        transaction.batch_execute(include_str!("create_postgis.sql")).await.context(
            "PostGIS could not be switched on in this database. Install it (Debian, Ubuntu: \
             apt-get install postgresql-NN-postgis-3, NN being the server's version) and, if the \
             user of DATABASE_URL may not, have the administrator run: create extension postgis. \
             / 无法启用 PostGIS：请安装 postgresql-NN-postgis-3，或请管理员执行 create extension \
             postgis",
        )?;
    }
    let row = transaction.query_one(include_str!("postgis_version.sql"), &[]).await?;
    let version: String = row.get("version");
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if (major, minor) < OLDEST_POSTGIS {
        bail!(
            "PostGIS {version} is too old: 3.3 or newer is needed. / PostGIS {version} 版本过旧，\
             需要 3.3 或更新版本。"
        );
    }
    Ok(())
}
