//! What is kept of people, units, sessions and posts. No decisions here.

use domain::ids::{PersonId, UnitId};
use domain::people::{Contact, Me, Post, Role, UnitKind};
use domain::word::Word;
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
            role: role(row),
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

/// Whose session has this token hash.
///
/// # Errors
/// Of the database.
pub async fn session(
    db: &impl deadpool_postgres::GenericClient,
    token_hash: &[u8],
) -> Result<Option<Me>, Error> {
    let kept = db.prepare_cached(include_str!("session.sql")).await?;
    let row = db.query_opt(&kept, &[&token_hash]).await?;
    Ok(row.as_ref().map(me))
}

/// Ends a session; whether there was one.
///
/// # Errors
/// Of the database.
pub async fn close_session(db: &impl GenericClient, token_hash: &[u8]) -> Result<bool, Error> {
    Ok(db.execute(include_str!("close_session.sql"), &[&token_hash]).await? > 0)
}

fn me(row: &Row) -> Me {
    Me {
        person: PersonId(row.get("person")),
        name: row.get("name"),
        role: role(row),
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
fn role(row: &Row) -> Role {
    Role::from_code(row.get("role")).unwrap_or(Role::Member)
}
