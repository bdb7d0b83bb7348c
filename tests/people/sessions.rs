//! Sessions: begun anew with every sign-in, lasting while they are used, ended everywhere at once.

use super::{PASSWORD, add, sign_in};
use domain::Kind;
use domain::people::{ChangePassword, Role, SignOutEverywhere, WhoAmI};
use support::{Service, Visitor};

async fn signed_in(service: &Service, by: &Visitor, password: &str) -> (Visitor, String) {
    let response = by.send(&sign_in("wang", password)).await;
    assert_eq!(response.status().as_u16(), 200);
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    let token = cookie.split(['=', ';']).nth(1).expect("a token").to_owned();
    (service.nobody().with_session(&token), token)
}

async fn known(visitor: &Visitor) -> bool {
    visitor.ask(&WhoAmI {}).await.expect("an answer").is_some()
}

#[tokio::test]
async fn a_sign_in_gives_a_new_token_and_ends_the_session_the_browser_had() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let (first, token) = signed_in(&service, service.nobody(), PASSWORD).await;
    let (second, other) = signed_in(&service, &first, PASSWORD).await;
    assert_ne!(token, other);
    assert!(!known(&first).await && known(&second).await);
    let (elsewhere, _) = signed_in(&service, service.nobody(), PASSWORD).await;
    assert!(known(&second).await && known(&elsewhere).await, "another browser is another session");
    service.finish().await;
}

#[tokio::test]
async fn a_changed_password_signs_out_everywhere_else() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let (here, _) = signed_in(&service, service.nobody(), PASSWORD).await;
    let (elsewhere, _) = signed_in(&service, service.nobody(), PASSWORD).await;
    let change = |old: &str, new: &str| ChangePassword { old: old.into(), password: new.into() };
    let new = "围墙外的垃圾两天清掉";
    let weak = here.ask(&change(PASSWORD, "short")).await.expect_err("refused");
    assert_eq!((weak.kind, weak.field.as_deref()), (Kind::Invalid, Some("password")));
    let wrong = here.ask(&change("guess", new)).await.expect_err("refused");
    assert_eq!((wrong.kind, wrong.field.as_deref()), (Kind::Nobody, Some("old")));
    assert!(known(&elsewhere).await, "nothing has happened yet");
    let response = here.send(&change(PASSWORD, new)).await;
    assert_eq!(response.status().as_u16(), 200);
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    let rotated = cookie.split(['=', ';']).nth(1).expect("a token");
    assert!(!known(&here).await && !known(&elsewhere).await, "the old tokens are over");
    assert!(known(&service.nobody().with_session(rotated)).await);
    let old = service.ask(&sign_in("wang", PASSWORD)).await.expect_err("refused");
    assert_eq!(old.kind, Kind::Nobody);
    signed_in(&service, service.nobody(), new).await;
    service.finish().await;
}

#[tokio::test]
async fn one_call_ends_all_sessions_of_whoever_asks() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let (here, _) = signed_in(&service, service.nobody(), PASSWORD).await;
    let (elsewhere, _) = signed_in(&service, service.nobody(), PASSWORD).await;
    assert_eq!(here.ask(&SignOutEverywhere {}).await, Ok(2));
    assert!(!known(&here).await && !known(&elsewhere).await);
    service.finish().await;
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used_and_ninety_days_at_most() {
    let service = Service::start().await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let (wang, _) = signed_in(&service, service.nobody(), PASSWORD).await;
    let db = service.database.client().await;
    let left = async || -> i64 {
        let sql = "select (extract(epoch from expires_at - now()) / 86400)::bigint from sessions";
        db.query_one(sql, &[]).await.expect("a session").get(0)
    };
    for (begun, expires, after) in [(0, 14, 14), (10, 5, 14), (85, 3, 5), (85, 1, 5)] {
        let age = format!(
            "update sessions set created_at = now() - interval '{begun} days',
                                 expires_at = now() + interval '{expires} days'"
        );
        db.batch_execute(&age).await.expect("it ages");
        assert!(known(&wang).await);
        assert_eq!(left().await, after, "begun {begun} days ago, {expires} left");
    }
    let over = "update sessions set expires_at = now() - interval '1 second'";
    db.batch_execute(over).await.expect("it ages");
    assert!(!known(&wang).await);
    signed_in(&service, service.nobody(), PASSWORD).await;
    assert_eq!(left().await, 14, "the one that was over is gone");
    service.finish().await;
}

#[tokio::test]
async fn guessing_many_names_from_one_address_is_stopped_and_a_proxy_tells_addresses_apart() {
    let database = support::Database::migrated().await;
    let service = Service::over(database, |serve| serve.behind_proxy = true).await;
    add(&service, "Wang", Role::Leader, (3, "a")).await;
    let tried = async |login: String, from: &str| {
        let request = service.nobody().post("/api/people/sign-in");
        let request = request.header("x-forwarded-for", from).json(&sign_in(&login, PASSWORD));
        request.send().await.expect("it answers").status().as_u16()
    };
    for n in 0..100 {
        // Whatever a client writes itself stands before what the proxy adds.
        let from = format!("198.51.100.{n}, 203.0.113.9");
        assert_eq!(tried(format!("name {n}"), &from).await, 401);
    }
    assert_eq!(tried("wang".into(), "203.0.113.9").await, 429);
    assert_eq!(tried("wang".into(), "203.0.113.10").await, 200);
    service.finish().await;
}
