//! Units and people as lists, and what an administrator does with them.

use super::{PASSWORD, add, sign_in};
use domain::Kind;
use domain::grids::Locate;
use domain::ids::{PersonId, UnitId};
use domain::people::{
    AddPerson, AddPost, AddUnit, EndSessions, ListPeople, ListUnits, Person, Post, RemovePost,
    Role, SetActive, SetPassword, UnitKind, WhoAmI,
};
use support::district::{degrees, district};
use support::{Service, Visitor};

async fn person(by: &Visitor, name: &str, role: Role, unit: UnitId) -> Person {
    by.ask(&AddPerson { name: name.to_owned(), role, unit }).await.expect("a person is added")
}

#[tokio::test]
async fn a_dispatcher_finds_the_unit_and_the_people_to_send_a_ticket_to() {
    let service = Service::start().await;
    let administrator = service.signed_in(Role::Administrator).await;
    let unit = |name: &str, kind| AddUnit { name: name.to_owned(), kind };
    let water = unit("水务站", UnitKind::Department);
    let water = administrator.ask(&water).await.expect("a unit").id;
    let twice = administrator.ask(&unit("水务站", UnitKind::Department)).await;
    assert_eq!(twice.expect_err("refused").kind, Kind::Invalid);
    administrator.ask(&unit("消防站", UnitKind::Department)).await.expect("a unit");
    let wang = person(&administrator, " 王强 ", Role::Adviser, water).await;
    assert_eq!((wang.name.as_str(), wang.unit_name.as_str()), ("王强", "水务站"));
    let li = person(&administrator, "李明", Role::Official, water).await;
    let post = Post { level: 2, cell: "P".into(), role: Role::Adviser };
    let posted = administrator.ask(&AddPost { person: wang.id, post: post.clone() }).await;
    assert_eq!(posted.expect("posted").posts, std::slice::from_ref(&post));

    let dispatcher = service.signed_in(Role::Dispatcher).await;
    let departments = ListUnits { kind: Some(UnitKind::Department) };
    let departments = dispatcher.ask(&departments).await.expect("a list");
    assert_eq!(departments.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().len(), 2);
    let found = async |question: ListPeople| -> Vec<PersonId> {
        let list = dispatcher.ask(&question).await.expect("a list");
        list.iter().map(|person| person.id).collect()
    };
    let all = ListPeople::default();
    assert_eq!(found(ListPeople { unit: Some(water), ..all.clone() }).await, [wang.id, li.id]);
    assert_eq!(found(ListPeople { cell: Some("P".into()), ..all.clone() }).await, [wang.id]);
    assert_eq!(found(ListPeople { role: Some(Role::Official), ..all.clone() }).await, [li.id]);
    let page = ListPeople { after: Some(wang.id), limit: Some(1), ..all.clone() };
    assert_eq!(found(page).await, [li.id]);
    let removed = administrator.ask(&RemovePost { person: wang.id, post }).await;
    assert_eq!(removed.expect("taken off").posts, []);
    service.finish().await;
}

#[tokio::test]
async fn log_in_names_are_told_to_administrators_only() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    for (role, told) in [(Role::Administrator, true), (Role::Dispatcher, false)] {
        let visitor = service.signed_in(role).await;
        let people = visitor.ask(&ListPeople::default()).await.expect("a list");
        assert_eq!(people.iter().any(|person| person.login.is_some()), told, "{role}");
        let text = visitor.send(&ListPeople::default()).await.text().await.expect("text");
        assert!(!text.contains("argon2"), "{role}");
    }
    service.finish().await;
}

#[tokio::test]
async fn whoever_is_let_go_signs_in_no_more_is_called_no_more_and_stays_on_record() {
    let service = Service::start().await;
    service.publish(district()).await;
    let administrator = service.signed_in(Role::Administrator).await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let posted = ListPeople { cell: Some("a".into()), ..ListPeople::default() };
    let wang = administrator.ask(&posted).await.expect("a list")[0].id;
    let response = service.nobody().send(&sign_in("wang", PASSWORD)).await;
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    let session = service.nobody().with_session(cookie.split(['=', ';']).nth(1).expect("a token"));
    assert!(session.ask(&WhoAmI {}).await.expect("an answer").is_some());
    let gone = administrator.ask(&SetActive { person: wang, active: false }).await.expect("gone");
    assert!(!gone.active && gone.posts.len() == 1);
    assert_eq!(session.ask(&WhoAmI {}).await, Ok(None));
    let refused = service.ask(&sign_in("wang", PASSWORD)).await.expect_err("refused");
    assert_eq!(refused.kind, Kind::Nobody);
    let (lng, lat) = degrees(50_000, 50_000);
    let locate = Locate { lng, lat, datum: domain::Datum::Cgcs2000, accuracy_m: None };
    loop {
        // The memory of the server hears of it a moment later.
        let located = service.ask(&locate).await.expect("an answer");
        if located.contacts.iter().all(|contact| contact.person != wang) {
            break;
        }
        tokio::task::yield_now().await;
    }
    let seen = async |left| {
        let people = administrator.ask(&ListPeople { left, ..ListPeople::default() }).await;
        people.expect("a list").iter().any(|person| person.id == wang)
    };
    assert!(!seen(false).await && seen(true).await);
    administrator.ask(&SetActive { person: wang, active: true }).await.expect("back");
    service.ask(&sign_in("wang", PASSWORD)).await.expect("signed in again");
    service.finish().await;
}

#[tokio::test]
async fn the_duty_desk_is_never_left_empty_and_nobody_lets_themselves_go() {
    let service = Service::start().await;
    let administrator = service.signed_in(Role::Administrator).await;
    let me = administrator.ask(&WhoAmI {}).await.expect("an answer").expect("somebody").person;
    // The desk of the first migration is person 1.
    for person in [me, PersonId(1)] {
        let refused = administrator.ask(&SetActive { person, active: false }).await;
        assert_eq!(refused.expect_err("refused").kind, Kind::Invalid, "{person}");
    }
    let nobody = SetActive { person: PersonId(999), active: false };
    assert_eq!(administrator.ask(&nobody).await.expect_err("refused").kind, Kind::Missing);
    service.finish().await;
}

#[tokio::test]
async fn a_password_that_is_reset_ends_the_sessions_under_the_old_one() {
    let service = Service::start().await;
    let administrator = service.signed_in(Role::Administrator).await;
    let me = administrator.ask(&WhoAmI {}).await.expect("an answer").expect("somebody");
    let wang = person(&administrator, "王强", Role::Planner, me.unit_id).await.id;
    let set = |login: &str, password: &str| SetPassword {
        person: wang,
        login: login.to_owned(),
        password: password.to_owned(),
    };
    for (login, password, field) in [
        ("wang", "short", "password"),
        ("wang", "wang-wang-wang", "password"),
        (" ", PASSWORD, "login"),
    ] {
        let why = administrator.ask(&set(login, password)).await.expect_err("refused");
        assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some(field)), "{password}");
    }
    let first = "第一个密码很长很长";
    let refused = administrator.ask(&set("wang", first)).await.expect_err("nine characters");
    assert_eq!(refused.kind, Kind::Invalid);
    let (first, second) = ("第一个密码很长很长的", "第二个密码很长很长的");
    administrator.ask(&set("wang", first)).await.expect("set");
    let response = service.nobody().send(&sign_in("wang", first)).await;
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    let session = service.nobody().with_session(cookie.split(['=', ';']).nth(1).expect("a token"));
    administrator.ask(&set("wang", second)).await.expect("reset");
    assert_eq!(session.ask(&WhoAmI {}).await, Ok(None));
    service.ask(&sign_in("wang", first)).await.expect_err("the old one is no more");
    service.ask(&sign_in("wang", second)).await.expect("the new one is");
    assert_eq!(administrator.ask(&EndSessions { person: wang }).await, Ok(1));
    add(&service, "Li", Role::Member, (3, "a")).await;
    let taken = administrator.ask(&set("li", second)).await.expect_err("refused");
    assert_eq!((taken.kind, taken.field.as_deref()), (Kind::Invalid, Some("login")));
    service.finish().await;
}
