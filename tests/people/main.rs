//! People: signing in and out, and whom a cell answers with.

mod administrator;
mod roster;
mod sessions;
mod staff;

use backend::people::{password, store};
use domain::Kind;
use domain::grids::Locate;
use domain::people::{Role, SignIn, SignOut, UnitKind, WhoAmI};
use support::Service;
use support::district::{degrees, district};

const PASSWORD: &str = "网格 2026";

/// Adds a person who can sign in, posted to a cell.
async fn add(service: &Service, name: &str, role: Role, post: (u8, &str)) {
    let db = service.db.client().await.expect("the database answers");
    let unit = store::add_unit(&**db, "第一网格队", UnitKind::GridTeam).await.expect("a unit");
    let person = store::NewPerson {
        name: name.to_owned(),
        role,
        unit,
        duty_desk: false,
        login: Some((name.to_lowercase(), password::hash(PASSWORD))),
    };
    let people = store::add_people(&**db, &[person]).await.expect("a person");
    let cell = post.1.to_owned();
    let post = store::NewPost { person: people[0], level: post.0, cell, role };
    store::add_posts(&**db, &[post]).await.expect("a post");
}

fn sign_in(login: &str, password: &str) -> SignIn {
    SignIn { login: login.to_owned(), password: password.to_owned() }
}

#[tokio::test]
async fn a_person_signs_in_is_known_and_signs_out() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let response = service.nobody().send(&sign_in("wang", PASSWORD)).await;
    assert_eq!(response.status().as_u16(), 200);
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    for part in ["HttpOnly", "SameSite=", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).expect("a token").to_owned();
    assert_eq!(token.len(), 64, "256 bits in hexadecimal");
    let wang = service.nobody().with_session(&token);
    let me = wang.ask(&WhoAmI {}).await.expect("an answer").expect("somebody");
    assert_eq!((me.name.as_str(), me.role, me.unit.as_str()), ("Wang", Role::Leader, "第一网格队"));
    assert_eq!(service.ask(&WhoAmI {}).await, Ok(None));
    assert_eq!(wang.ask(&SignOut {}).await, Ok(true));
    assert_eq!(wang.ask(&WhoAmI {}).await, Ok(None), "the session is over, whoever has the cookie");
    assert_eq!(wang.ask(&SignOut {}).await, Ok(false));
    service.finish().await;
}

#[tokio::test]
async fn the_database_holds_neither_password_nor_token() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let response = service.nobody().send(&sign_in("wang", PASSWORD)).await;
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    let token = cookie.split(['=', ';']).nth(1).expect("a token").to_owned();
    let db = service.database.client().await;
    let sql = "select count(*) from sessions where token_hash = convert_to($1, 'UTF8')";
    assert_eq!(db.query_one(sql, &[&token]).await.expect("rows").get::<_, i64>(0), 0);
    let sql = "select count(*) from people where password_hash like '$argon2id$%'";
    assert_eq!(db.query_one(sql, &[]).await.expect("rows").get::<_, i64>(0), 1);
    service.finish().await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_refused_alike() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let wrong = service.ask(&sign_in("wang", "guess")).await.expect_err("refused");
    let unknown = service.ask(&sign_in("nobody", "guess")).await.expect_err("refused");
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.kind, Kind::Nobody);
    let strange = service.ask(&sign_in("wang\0", &"x".repeat(10_000))).await;
    assert_eq!(strange.expect_err("refused"), unknown);
    service.finish().await;
}

#[tokio::test]
async fn guessing_is_stopped_after_ten_failures_and_only_for_that_name() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    add(&service, "Li", Role::Member, (3, "a")).await;
    for _ in 0..10 {
        let refusal = service.ask(&sign_in("wang", "guess")).await.expect_err("refused");
        assert_eq!(refusal.kind, Kind::Nobody);
    }
    let refusal = service.ask(&sign_in("wang", PASSWORD)).await.expect_err("refused");
    assert_eq!(refusal.kind, Kind::TooMuch, "also with the right password");
    service.ask(&sign_in("li", PASSWORD)).await.expect("another name is not held up");
    service.finish().await;
}

#[tokio::test]
async fn a_place_answers_with_the_people_of_its_cell_then_those_above_leaders_first() {
    let service = Service::start().await;
    for (name, role, post) in [
        ("Adviser", Role::Adviser, (3, "a")),
        ("Street", Role::Leader, (1, "S")),
        ("Member", Role::Member, (3, "a")),
        ("Community", Role::Leader, (2, "P")),
        ("Leader", Role::Leader, (3, "a")),
        ("Elsewhere", Role::Leader, (3, "b")),
    ] {
        add(&service, name, role, post).await;
    }
    service.publish(district()).await;
    let (lng, lat) = degrees(50_000, 50_000);
    let locate = Locate { lng, lat, datum: domain::Datum::Cgcs2000, accuracy_m: None };
    let located = service.ask(&locate).await.expect("an answer");
    let called: Vec<_> = located.contacts.iter().map(|c| (c.name.as_str(), c.level)).collect();
    let expected = [
        ("Leader", Some(3)),
        ("Member", Some(3)),
        ("Adviser", Some(3)),
        ("Community", Some(2)),
        ("Street", Some(1)),
    ];
    assert_eq!(called, expected);
    service.finish().await;
}
