//! What is kept of people, units, sessions and posts. No decisions here.

use domain::ids::{PersonId, UnitId};
use domain::people::{Contact, ListPeople, Me, Person, Post, Role, Unit, UnitKind};
use domain::word::Word;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, GenericClient, Row};

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The unit they belong to.
    pub unit: UnitId,
    /// Whether they answer for places outside every cell.
    pub duty_desk: bool,
    /// Log-in name and password hash (see [`super::password::hash`]), for those who sign in.
    pub login: Option<(String, String)>,
}

/// A person's place at a cell.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// Who.
    pub person: PersonId,
    /// The level of the cell, 3, 2 or 1.
    pub level: u8,
    /// The cell's code.
    pub cell: String,
    /// What they are there: leader, member, adviser or official.
    pub role: Role,
}

/// A contact with the cell they are posted to; `None`: the duty desk.
pub struct Posted {
    /// Level and code.
    pub cell: Option<(u8, String)>,
    /// Who.
    pub contact: Contact,
}

/// The unit of this kind and name, added if it is not there yet.
///
/// # Errors
/// Of the database.
pub async fn add_unit(
    db: &impl GenericClient,
    name: &str,
    kind: UnitKind,
) -> Result<UnitId, Error> {
    let row = db.query_one(include_str!("add_unit.sql"), &[&name, &kind.code()]).await?;
    Ok(UnitId(row.get("id")))
}

/// Adds people; their ids come back in the order given.
///
/// # Errors
/// Of the database; constraint `login_is_taken` when a log-in name is in use.
pub async fn add_people(
    db: &impl GenericClient,
    people: &[NewPerson],
) -> Result<Vec<PersonId>, Error> {
    let names: Vec<&str> = people.iter().map(|p| p.name.as_str()).collect();
    let roles: Vec<&str> = people.iter().map(|p| p.role.code()).collect();
    let units: Vec<i64> = people.iter().map(|p| p.unit.0).collect();
    let desks: Vec<bool> = people.iter().map(|p| p.duty_desk).collect();
    let logins: Vec<Option<&str>> =
        people.iter().map(|p| p.login.as_ref().map(|l| l.0.as_str())).collect();
    let hashes: Vec<Option<&str>> =
        people.iter().map(|p| p.login.as_ref().map(|l| l.1.as_str())).collect();
    let rows = db
        .query(include_str!("add_people.sql"), &[&names, &roles, &units, &desks, &logins, &hashes])
        .await?;
    Ok(rows.iter().map(|row| PersonId(row.get("id"))).collect())
}

/// Posts people to cells; posts that stand already stay. Every server process hears of it.
///
/// # Errors
/// Of the database; constraint `post_role_is_known` for a role nobody holds on a cell.
pub async fn add_posts(db: &impl GenericClient, posts: &[NewPost]) -> Result<(), Error> {
    let people: Vec<i64> = posts.iter().map(|p| p.person.0).collect();
    let levels: Vec<i16> = posts.iter().map(|p| i16::from(p.level)).collect();
    let cells: Vec<&str> = posts.iter().map(|p| p.cell.as_str()).collect();
    let roles: Vec<&str> = posts.iter().map(|p| p.role.code()).collect();
    db.execute(include_str!("add_posts.sql"), &[&people, &levels, &cells, &roles]).await?;
    Ok(())
}

/// Everybody who is posted to a cell, and the duty desk.
///
/// # Errors
/// Of the database.
pub async fn contacts(db: &impl GenericClient) -> Result<Vec<Posted>, Error> {
    let rows = db.query(include_str!("contacts.sql"), &[]).await?;
    Ok(rows.iter().map(posted).collect())
}

fn posted(row: &Row) -> Posted {
    let level = row.get::<_, Option<i16>>("level").map(|level| level as u8);
    let cell: Option<String> = row.get("cell");
    Posted {
        cell: level.zip(cell),
        contact: Contact {
            person: PersonId(row.get("person")),
            name: row.get("name"),
            role: role_of(row),
            unit: row.get("unit"),
            level,
        },
    }
}

/// Who has this log-in name, with the hash of their password.
///
/// # Errors
/// Of the database.
pub async fn login(
    db: &impl GenericClient,
    login: &str,
) -> Result<Option<(PersonId, String)>, Error> {
    let row = db.query_opt(include_str!("login.sql"), &[&login]).await?;
    Ok(row.map(|row| (PersonId(row.get("person")), row.get("password_hash"))))
}

/// Opens a session under the hash of its token.
///
/// # Errors
/// Of the database.
pub async fn open_session(
    db: &impl GenericClient,
    token_hash: &[u8],
    person: PersonId,
) -> Result<(), Error> {
    db.execute(include_str!("open_session.sql"), &[&token_hash, &person.0]).await?;
    Ok(())
}

/// Whose session has this token hash, and whether it may be made to last longer now that it is
/// used.
///
/// # Errors
/// Of the database.
pub async fn session(
    db: &impl deadpool_postgres::GenericClient,
    token_hash: &[u8],
) -> Result<Option<(Me, bool)>, Error> {
    let kept = db.prepare_cached(include_str!("session.sql")).await?;
    let row = db.query_opt(&kept, &[&token_hash]).await?;
    Ok(row.map(|row| (me(&row), row.get("may_last"))))
}

/// Makes a session that is used last longer.
///
/// # Errors
/// Of the database.
pub async fn extend_session(db: &impl GenericClient, token_hash: &[u8]) -> Result<(), Error> {
    db.execute(include_str!("extend_session.sql"), &[&token_hash]).await?;
    Ok(())
}

/// Ends every session of somebody; how many there were.
///
/// # Errors
/// Of the database.
pub async fn close_sessions(db: &impl GenericClient, person: PersonId) -> Result<u64, Error> {
    db.execute(include_str!("close_sessions.sql"), &[&person.0]).await
}

/// Ends a session; whether there was one.
///
/// # Errors
/// Of the database.
pub async fn close_session(db: &impl GenericClient, token_hash: &[u8]) -> Result<bool, Error> {
    Ok(db.execute(include_str!("close_session.sql"), &[&token_hash]).await? > 0)
}

/// The log-in name of somebody and the hash of their password, where they have one.
///
/// # Errors
/// Of the database.
pub async fn password_of(
    db: &impl GenericClient,
    person: PersonId,
) -> Result<Option<(String, String)>, Error> {
    let row = db.query_opt(include_str!("password_of.sql"), &[&person.0]).await?;
    Ok(row.map(|row| (row.get("login"), row.get("password_hash"))))
}

/// Gives somebody a log-in name and a password.
///
/// # Errors
/// Of the database; constraint `login_is_taken` when the name is somebody else's.
pub async fn set_password(
    db: &impl GenericClient,
    person: PersonId,
    login: &str,
    hash: &str,
) -> Result<(), Error> {
    db.execute(include_str!("set_password.sql"), &[&person.0, &login, &hash]).await?;
    Ok(())
}

/// Lets somebody go or takes them back; whether that was done.
///
/// # Errors
/// Of the database.
pub async fn set_active(
    db: &impl GenericClient,
    person: PersonId,
    active: bool,
) -> Result<bool, Error> {
    Ok(db.execute(include_str!("set_active.sql"), &[&person.0, &active]).await? > 0)
}

/// Takes somebody off a cell.
///
/// # Errors
/// Of the database.
pub async fn remove_post(
    db: &impl GenericClient,
    person: PersonId,
    post: &Post,
) -> Result<(), Error> {
    let (level, role) = (i16::from(post.level), post.role.code());
    let asked: [&(dyn ToSql + Sync); 4] = [&person.0, &level, &post.cell, &role];
    db.execute(include_str!("remove_post.sql"), &asked).await?;
    Ok(())
}

/// Adds a unit.
///
/// # Errors
/// Of the database; constraint `unit_is_named_once`.
pub async fn new_unit(
    db: &impl GenericClient,
    name: &str,
    kind: UnitKind,
) -> Result<UnitId, Error> {
    let row = db.query_one(include_str!("new_unit.sql"), &[&name, &kind.code()]).await?;
    Ok(UnitId(row.get("id")))
}

/// Units, by kind and name.
///
/// # Errors
/// Of the database.
pub async fn units(db: &impl GenericClient, kind: Option<UnitKind>) -> Result<Vec<Unit>, Error> {
    let rows = db.query(include_str!("units.sql"), &[&kind.map(Word::code)]).await?;
    let unit = |row: &Row| Unit {
        id: UnitId(row.get("id")),
        name: row.get("name"),
        // The constraint `unit_kind_is_known` lets no other word in.
        kind: UnitKind::from_code(row.get("kind")).unwrap_or(UnitKind::Centre),
    };
    Ok(rows.iter().map(unit).collect())
}

/// People by number: one of them, or those of a page of the list.
///
/// # Errors
/// Of the database.
pub async fn people(
    db: &impl GenericClient,
    only: Option<PersonId>,
    wanted: &ListPeople,
    limit: i64,
) -> Result<Vec<Person>, Error> {
    let unit = wanted.unit.map(|unit| unit.0);
    let role = wanted.role.map(Word::code);
    let after = wanted.after.map_or(0, |after| after.0);
    let only = only.map(|only| only.0);
    let asked: [&(dyn ToSql + Sync); 7] =
        [&only, &unit, &wanted.cell, &role, &wanted.left, &after, &limit];
    let rows = db.query(include_str!("people.sql"), &asked).await?;
    let person = |row: &Row| Person {
        id: PersonId(row.get("id")),
        name: row.get("name"),
        role: role_of(row),
        unit: UnitId(row.get("unit")),
        unit_name: row.get("unit_name"),
        active: row.get("active"),
        login: row.get("login"),
        posts: posts(row),
    };
    Ok(rows.iter().map(person).collect())
}

fn me(row: &Row) -> Me {
    Me {
        person: PersonId(row.get("person")),
        name: row.get("name"),
        role: role_of(row),
        unit: row.get("unit"),
        unit_id: UnitId(row.get("unit_id")),
        posts: posts(row),
    }
}

/// The posts of a person's row, from its three arrays.
fn posts(row: &Row) -> Vec<Post> {
    let levels: Vec<i16> = row.get("levels");
    let cells: Vec<String> = row.get("cells");
    let roles: Vec<&str> = row.get("roles");
    let post = |((level, cell), role): ((i16, String), &str)| Post {
        level: level as u8,
        cell,
        role: Role::from_code(role).unwrap_or(Role::Member),
    };
    levels.into_iter().zip(cells).zip(roles).map(post).collect()
}

/// The role of a row; the constraint `role_is_known` lets no other word in.
fn role_of(row: &Row) -> Role {
    Role::from_code(row.get("role")).unwrap_or(Role::Member)
}
