//! Migrations: once each, in order, by whoever comes first, and never changed afterwards.

use backend::db::migrate::{MIGRATIONS, Migration, migrate};
use support::Database;

fn names(migrations: &[Migration]) -> Vec<&'static str> {
    migrations.iter().map(|migration| migration.name).collect()
}

async fn refused(database: &Database, migrations: &[Migration]) -> String {
    let applied = migrate(&mut database.client().await, migrations).await;
    format!("{:#}", applied.expect_err("it is refused"))
}

const NOTE: Migration =
    Migration { number: 1, name: "notes", sql: "create table notes (id bigint primary key)" };
const LINK: Migration = Migration {
    number: 2,
    name: "links",
    sql: "create table links (note bigint references notes)",
};
const BROKEN: Migration = Migration {
    number: 3,
    name: "broken",
    sql: "create table half (); select nothing from nowhere",
};

#[test]
fn migrations_are_numbered_without_gaps_and_every_file_is_one() {
    let numbers: Vec<i32> = MIGRATIONS.iter().map(|migration| migration.number).collect();
    let whole: Vec<i32> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, whole);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let named: Vec<String> =
        MIGRATIONS.iter().map(|m| format!("{:04}_{}.sql", m.number, m.name)).collect();
    assert_eq!(files, named);
}

#[tokio::test]
async fn a_second_run_applies_nothing() {
    let database = Database::empty().await;
    let mut client = database.client().await;
    let applied = migrate(&mut client, MIGRATIONS).await.expect("they apply");
    assert_eq!(names(&applied), names(MIGRATIONS));
    let applied = migrate(&mut client, MIGRATIONS).await.expect("nothing is left");
    assert_eq!(names(&applied), Vec::<&str>::new());
    database.drop().await;
}

#[tokio::test]
async fn of_two_programs_that_start_together_one_applies_them_and_both_go_on() {
    let database = Database::empty().await;
    let (mut one, mut two) = (database.client().await, database.client().await);
    let (one, two) = tokio::join!(migrate(&mut one, MIGRATIONS), migrate(&mut two, MIGRATIONS));
    let mut both = names(&one.expect("it goes on"));
    both.extend(names(&two.expect("it goes on")));
    assert_eq!(both, names(MIGRATIONS));
    database.drop().await;
}

#[tokio::test]
async fn only_what_is_new_is_applied() {
    let database = Database::empty().await;
    let mut client = database.client().await;
    let applied = migrate(&mut client, &[NOTE]).await.expect("it applies");
    assert_eq!(names(&applied), ["notes"]);
    let applied = migrate(&mut client, &[NOTE, LINK]).await.expect("it applies");
    assert_eq!(names(&applied), ["links"]);
    database.drop().await;
}

#[tokio::test]
async fn a_file_changed_after_it_was_applied_is_refused_in_both_languages() {
    let database = Database::empty().await;
    let mut client = database.client().await;
    migrate(&mut client, &[NOTE]).await.expect("it applies");
    let changed = Migration { sql: "create table notes (id integer primary key)", ..NOTE };
    let told = refused(&database, &[changed, LINK]).await;
    assert!(told.contains("migration 0001_notes was changed after it had been applied"), "{told}");
    assert!(told.contains("迁移文件在应用之后被修改"), "{told}");
    let links = client.query_one("select to_regclass('links') is null", &[]).await;
    assert!(links.expect("it answers").get::<_, bool>(0), "nothing was applied");
    database.drop().await;
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_refused() {
    let database = Database::empty().await;
    migrate(&mut database.client().await, &[NOTE, LINK]).await.expect("they apply");
    let told = refused(&database, &[NOTE]).await;
    assert!(told.contains("0002_links") && told.contains("newer Wangge"), "{told}");
    database.drop().await;
}

#[tokio::test]
async fn a_migration_that_fails_leaves_the_database_as_it_was() {
    let database = Database::empty().await;
    let told = refused(&database, &[NOTE, LINK, BROKEN]).await;
    assert!(told.contains("migration 0003_broken failed; nothing was changed"), "{told}");
    let client = database.client().await;
    for table in ["notes", "links", "half", "migrations"] {
        let gone = client.query_one("select to_regclass($1::text) is null", &[&table]).await;
        assert!(gone.expect("it answers").get::<_, bool>(0), "{table} is there");
    }
    database.drop().await;
}
