//! Who may send through which channel, and the tokens that open one to another system.

use domain::people::{Role, WhoAmI};
use domain::reports::{
    Channel, IssueToken, IssuedToken, ListReports, ListTokens, RevokeToken, TakeReport,
};
use domain::word::Word;
use domain::{Call, Kind, Refusal};
use reqwest::Response;
use support::district::{degrees, district};
use support::{Service, Visitor};

fn report(channel: Channel) -> TakeReport {
    let (lng, lat) = degrees(50_000, 50_000);
    TakeReport::new(channel, lng, lat)
}

async fn issue(by: &Visitor, channel: Channel, expires_at: Option<&str>) -> IssuedToken {
    let expires_at = expires_at.map(str::to_owned);
    let token = IssueToken { name: "热线系统".to_owned(), channel, expires_at };
    by.ask(&token).await.expect("a token is issued")
}

async fn with<C: Call>(service: &Service, secret: &str, question: &C) -> Response {
    let request = service.nobody().post(C::PATH).json(question);
    let request = request.header("authorization", format!("Bearer {secret}"));
    request.send().await.expect("the server answers")
}

async fn sent(service: &Service, secret: &str, channel: Channel) -> Result<(), Kind> {
    let response = with(service, secret, &report(channel)).await;
    if response.status().as_u16() == 200 {
        return Ok(());
    }
    let refusal: Refusal = response.json().await.expect("a refusal");
    assert!(refusal.message.zh.chars().count() > 8 && refusal.message.en.len() > 20, "{refusal}");
    Err(refusal.kind)
}

#[tokio::test]
async fn a_channel_is_open_to_whom_the_table_names() {
    let service = Service::start().await;
    service.publish(district()).await;
    for &channel in Channel::ALL {
        let taken = service.ask(&report(channel)).await.map(|_| ()).map_err(|why| why.kind);
        let expected = if channel == Channel::Snapshot { Ok(()) } else { Err(Kind::Nobody) };
        assert_eq!(taken, expected, "{channel} as nobody");
    }
    for &role in Role::ALL {
        let visitor = service.signed_in(role).await;
        for &channel in Channel::ALL {
            let taken = visitor.ask(&report(channel)).await.map(|_| ()).map_err(|why| why.kind);
            let open = channel.senders().lets(Some(role));
            assert_eq!(taken, if open { Ok(()) } else { Err(Kind::Forbidden) }, "{channel} {role}");
        }
    }
    service.finish().await;
}

#[tokio::test]
async fn whoever_holds_a_token_reports_through_its_channel_and_through_no_other() {
    let service = Service::start().await;
    service.publish(district()).await;
    let administrator = service.signed_in(Role::Administrator).await;
    let IssuedToken { token, secret } = issue(&administrator, Channel::Hotline, None).await;
    assert_eq!((token.channel, &token.used_on), (Channel::Hotline, &None));
    assert_eq!(sent(&service, &secret, Channel::Hotline).await, Ok(()));
    assert_eq!(sent(&service, &secret, Channel::Platform).await, Err(Kind::Forbidden));
    assert_eq!(sent(&service, &secret, Channel::Snapshot).await, Err(Kind::Forbidden));
    assert_eq!(sent(&service, "wangge-guess", Channel::Hotline).await, Err(Kind::Nobody));
    assert_eq!(sent(&service, "", Channel::Snapshot).await, Err(Kind::Nobody));
    let reading = service.nobody().get(ListReports::PATH);
    let reading = reading.header("authorization", format!("Bearer {secret}"));
    let status = reading.send().await.expect("it answers").status().as_u16();
    assert_eq!(status, 401, "a token reads nothing: it is no person");
    let reading = service.nobody().get(WhoAmI::PATH).header("authorization", "Bearer guess");
    let status = reading.send().await.expect("it answers").status().as_u16();
    assert_eq!(status, 401, "a bad token is refused whatever is asked");
    let reading = service.nobody().get(WhoAmI::PATH).header("authorization", "Basic d2FuZw==");
    let status = reading.send().await.expect("it answers").status().as_u16();
    assert_eq!(status, 200, "what a proxy asks for is none of ours");
    service.finish().await;
}

#[tokio::test]
async fn a_token_is_shown_once_and_only_its_hash_is_kept() {
    let service = Service::start().await;
    let administrator = service.signed_in(Role::Administrator).await;
    let issued = issue(&administrator, Channel::Forum, Some("2099-01-01T00:00:00+08:00")).await;
    let list = administrator.send(&ListTokens {}).await.text().await.expect("text");
    assert!(list.contains("热线系统") && list.contains("2098-12-31T16:00:00Z"), "{list}");
    assert!(!list.contains(&issued.secret));
    let db = service.database.client().await;
    let sql = "select count(*) from tokens where tokens::text like '%' || $1 || '%'";
    let secret = issued.secret.trim_start_matches("wangge-");
    assert_eq!(db.query_one(sql, &[&secret]).await.expect("rows").get::<_, i64>(0), 0);
    service.finish().await;
}

#[tokio::test]
async fn a_token_is_of_no_use_once_it_is_revoked_or_expired() {
    let service = Service::start().await;
    service.publish(district()).await;
    let administrator = service.signed_in(Role::Administrator).await;
    let issued = issue(&administrator, Channel::Hotline, None).await;
    let late = issue(&administrator, Channel::Hotline, Some("2099-01-01T00:00:00Z")).await;
    assert_eq!(sent(&service, &late.secret, Channel::Hotline).await, Ok(()));
    let revoke = RevokeToken { token: issued.token.id };
    let revoked = administrator.ask(&revoke).await.expect("revoked");
    assert!(revoked.revoked_at.is_some());
    assert_eq!(sent(&service, &issued.secret, Channel::Hotline).await, Err(Kind::Nobody));
    let again = administrator.ask(&revoke).await.expect("it stays so");
    assert_eq!(again, revoked);
    let none = RevokeToken { token: domain::ids::TokenId(99) };
    assert_eq!(administrator.ask(&none).await.expect_err("refused").kind, Kind::Missing);
    for (name, expires_at, field) in
        [(" ", None, "name"), ("x", Some("2020-01-01T00:00:00Z"), "expires_at")]
    {
        let (name, expires_at) = (name.to_owned(), expires_at.map(str::to_owned));
        let bad = IssueToken { name, channel: Channel::Hotline, expires_at };
        let why = administrator.ask(&bad).await.expect_err("refused");
        assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some(field)));
    }
    service.finish().await;
}

#[tokio::test]
async fn the_day_of_use_is_noted_once_and_reports_cost_no_question_about_their_token() {
    let service = Service::start().await;
    service.publish(district()).await;
    let administrator = service.signed_in(Role::Administrator).await;
    let issued = issue(&administrator, Channel::Hotline, None).await;
    let db = service.database.client().await;
    for _ in 0..3 {
        assert_eq!(sent(&service, &issued.secret, Channel::Hotline).await, Ok(()));
    }
    let used = async || {
        let tokens = administrator.ask(&ListTokens {}).await.expect("a list");
        tokens[0].used_on.clone()
    };
    while used().await.is_none() {
        tokio::task::yield_now().await;
    }
    // Whoever asked the table now would fail.
    db.batch_execute("alter table tokens rename to hidden").await.expect("the table is hidden");
    for _ in 0..3 {
        assert_eq!(sent(&service, &issued.secret, Channel::Hotline).await, Ok(()));
    }
    db.batch_execute("alter table hidden rename to tokens").await.expect("it is back");
    // The memory may have looked for changes just then; it says so and tries again.
    service.logs.take();
    service.finish().await;
}
