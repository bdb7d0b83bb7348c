//! Units and people as lists, and what an administrator does with them.

use super::roster::no_person;
use super::{password, store};
use crate::call::{Asked, Routes, page};
use crate::refuse::{self, OnConstraint, Refused};
use domain::ids::PersonId;
use domain::people::{
    AddPerson, AddPost, AddUnit, EndSessions, ListPeople, ListUnits, NAME_MAX_CHARS, Person, Post,
    RemovePost, Role, SetActive, SetPassword, Unit, check_password,
};
use domain::{Kind, Refusal};
use tokio_postgres::GenericClient;

/// The calls about units and people.
pub fn routes() -> Routes {
    Routes::new()
        .call(list_units)
        .call(add_unit)
        .call(list_people)
        .call(add_person)
        .call(add_post)
        .call(remove_post)
        .call(set_active)
        .call(set_password)
        .call(end_sessions)
}

async fn list_units(asked: Asked, question: ListUnits) -> Result<Vec<Unit>, Refused> {
    Ok(store::units(&**asked.app.db.client().await?, question.kind).await?)
}

async fn add_unit(asked: Asked, question: AddUnit) -> Result<Unit, Refused> {
    let AddUnit { name, kind } = question;
    let name = name_of("name", &name)?;
    let db = asked.app.db.client().await?;
    let id = store::new_unit(&**db, &name, kind).await;
    let id = id.on_constraint("unit_is_named_once", || {
        Refusal::new(
            Kind::Invalid,
            format!("已有同类单位“{name}”，请另取名称。"),
            format!("There is a unit “{name}” of that kind already: choose another name."),
        )
        .at("name")
    })?;
    Ok(Unit { id, name, kind })
}

async fn list_people(asked: Asked, question: ListPeople) -> Result<Vec<Person>, Refused> {
    let limit = page(question.limit, "people")?;
    let me = asked.me().await?.ok_or_else(refuse::nobody)?;
    let db = asked.app.db.client().await?;
    let mut people = store::people(&**db, None, &question, limit).await?;
    if me.role != Role::Administrator {
        people.iter_mut().for_each(|person| person.login = None);
    }
    Ok(people)
}

async fn add_person(asked: Asked, question: AddPerson) -> Result<Person, Refused> {
    let AddPerson { name, role, unit } = question;
    let name = name_of("name", &name)?;
    let new = store::NewPerson { name, role, unit, duty_desk: false, login: None };
    let db = asked.app.db.client().await?;
    let added = store::add_people(&**db, &[new]).await;
    let added = added.on_constraint("people_unit_fkey", || {
        Refusal::new(
            Kind::Invalid,
            format!("没有编号为 {unit} 的单位。"),
            format!("There is no unit {unit}."),
        )
        .at("unit")
    })?;
    let id = added.first().copied().unwrap_or(PersonId(0));
    one(&**db, id).await
}

async fn add_post(asked: Asked, question: AddPost) -> Result<Person, Refused> {
    let AddPost { person, post: Post { level, cell, role } } = question;
    let db = asked.app.db.client().await?;
    one(&**db, person).await?;
    let cell = name_of("post.cell", &cell)?;
    let new = store::NewPost { person, level, cell, role };
    store::add_posts(&**db, &[new])
        .await
        .on_constraint("post_role_is_known", || no_post("post.role"))?;
    one(&**db, person).await
}

async fn remove_post(asked: Asked, question: RemovePost) -> Result<Person, Refused> {
    let db = asked.app.db.client().await?;
    store::remove_post(&**db, question.person, &question.post).await?;
    one(&**db, question.person).await
}

async fn set_active(asked: Asked, question: SetActive) -> Result<Person, Refused> {
    let SetActive { person, active } = question;
    let me = asked.me().await?.ok_or_else(refuse::nobody)?.person;
    if person == me && !active {
        return Err(Refusal::new(
            Kind::Invalid,
            "不能停用自己，请由另一位系统管理员操作。",
            "Nobody lets themselves go: another administrator must do it.",
        )
        .at("person")
        .into());
    }
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    one(&*transaction, person).await?;
    if !store::set_active(&*transaction, person, active).await? {
        return Err(last_at_the_desk().into());
    }
    if !active {
        store::close_sessions(&*transaction, person).await?;
    }
    transaction.commit().await?;
    one(&**db, person).await
}

async fn set_password(asked: Asked, question: SetPassword) -> Result<Person, Refused> {
    let SetPassword { person, login, password } = question;
    let login = name_of("login", &login)?;
    check_password(&login, &password)?;
    let hash = asked.app.throttle.hash(move || password::hash(&password)).await?;
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    one(&*transaction, person).await?;
    store::set_password(&*transaction, person, &login, &hash).await.on_constraint(
        "login_is_taken",
        || {
            Refusal::new(
                Kind::Invalid,
                "该用户名已被使用，请另取一个。",
                "That log-in name is somebody else's: choose another.",
            )
            .at("login")
        },
    )?;
    store::close_sessions(&*transaction, person).await?;
    transaction.commit().await?;
    one(&**db, person).await
}

async fn end_sessions(asked: Asked, question: EndSessions) -> Result<u64, Refused> {
    let db = asked.app.db.client().await?;
    Ok(store::close_sessions(&**db, question.person).await?)
}

/// One person, who may have left.
async fn one(db: &impl GenericClient, id: PersonId) -> Result<Person, Refused> {
    let wanted = ListPeople { left: true, ..ListPeople::default() };
    let found = store::people(db, Some(id), &wanted, 1).await?.pop();
    Ok(found.ok_or_else(|| no_person(id))?)
}

/// A name without the blanks around it.
fn name_of(field: &str, text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    if (1..=NAME_MAX_CHARS).contains(&name.chars().count()) && !name.contains('\0') {
        return Ok(name.to_owned());
    }
    Err(Refusal::new(
        Kind::Invalid,
        format!("{field} 须为 1 到 {NAME_MAX_CHARS} 个字。"),
        format!("{field} has 1 to {NAME_MAX_CHARS} characters."),
    )
    .at(field))
}

fn no_post(field: &str) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "派驻网格的身份须为网格长、网格员、网格指导员或包网格干部。",
        "At a cell somebody is leader, member, adviser or official.",
    )
    .at(field)
}

fn last_at_the_desk() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "此人是值班台最后一位人员，停用前请先为值班台安排他人。",
        "This is the last one at the duty desk: put somebody else there first.",
    )
    .at("person")
}
