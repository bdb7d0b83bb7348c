//! Somebody who hears notices: by a stream of their own, and by the page.

use backend::tickets::notices::crier::Crier;
use backend::tickets::timing::Timing;
use domain::ids::{NoticeId, TicketId, UnitId};
use domain::people::WhoAmI;
use domain::tickets::notices::{ListNotices, NOTICE, NOTICES_FROM, Notice, NoticeKind};
use domain::tickets::{Action, ShownTicket};
use reqwest::Response;
use std::sync::Arc;
use support::tickets::{act, done, done_as};
use support::{Service, Visitor};

/// A stream of events as a browser reads it.
pub struct Stream {
    response: Response,
    text: String,
    /// The last number it has.
    pub last: NoticeId,
}

impl Stream {
    /// Listens from now on.
    pub async fn of(visitor: &Visitor) -> Self {
        Self::since(visitor, None).await
    }

    /// Listens from after this notice on. Where it begins has been heard when this returns.
    pub async fn since(visitor: &Visitor, last: Option<NoticeId>) -> Self {
        let mut request = visitor.get("/api/events");
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = request.send().await.expect("it answers");
        let mut stream = Self { response, text: String::new(), last: NoticeId(0) };
        loop {
            let (name, id, data) = stream.event().await.expect("a beginning");
            if name == NOTICES_FROM {
                assert_eq!(id.as_deref(), Some(&*data), "a browser keeps the id");
                stream.last = data.parse().expect("a number");
                return stream;
            }
        }
    }

    /// The next event: its name, id and data; `None`: the stream has ended.
    async fn event(&mut self) -> Option<(String, Option<String>, String)> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let line = |name| event.lines().find_map(|line| line.strip_prefix(name));
                if let (Some(event), Some(data)) = (line("event: "), line("data: ")) {
                    return Some((event.to_owned(), line("id: ").map(str::to_owned), data.into()));
                }
                continue; // A comment that keeps the connection open.
            }
            let chunk = self.response.chunk().await.expect("the stream is whole")?;
            self.text.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    /// The next notice; `None`: the stream has ended.
    pub async fn next(&mut self) -> Option<Notice> {
        loop {
            let (name, id, data) = self.event().await?;
            if name == NOTICE {
                let notice: Notice = serde_json::from_str(&data).expect("a notice");
                assert_eq!(id, Some(notice.number.to_string()));
                assert!(notice.number > self.last, "{notice:?} comes after {}", self.last);
                self.last = notice.number;
                return Some(notice);
            }
        }
    }

    /// The kind and the ticket of the next notice.
    pub async fn told(&mut self) -> (NoticeKind, TicketId) {
        let notice = self.next().await.expect("the stream goes on");
        (notice.kind, notice.ticket)
    }
}

/// Every notice of somebody, oldest first, read in pages of seven.
pub async fn all(by: &Visitor) -> Vec<Notice> {
    let mut notices: Vec<Notice> = Vec::new();
    loop {
        let before = notices.last().map(|notice| notice.number);
        let page = ListNotices { before, limit: Some(7) };
        let page = by.ask(&page).await.expect("a page");
        let full = page.len() == 7;
        notices.extend(page);
        if !full {
            notices.reverse();
            return notices;
        }
    }
}

/// The kinds and tickets of every notice of somebody, oldest first.
pub async fn heard(by: &Visitor) -> Vec<(NoticeKind, TicketId)> {
    all(by).await.iter().map(|notice| (notice.kind, notice.ticket)).collect()
}

/// A crier of the test's own, given the time.
pub fn crier(service: &Service) -> Crier {
    let timing = Arc::new(Timing::shipped().expect("the files are lawful"));
    Crier::new(service.db.clone(), timing)
}

/// The unit of somebody.
pub async fn unit_of(visitor: &Visitor) -> UnitId {
    visitor.ask(&WhoAmI {}).await.expect("an answer").expect("somebody").unit_id
}

/// A ticket that a dispatcher gives to a unit.
pub async fn sent(by: &Visitor, on: &ShownTicket, unit: UnitId) -> ShownTicket {
    let dispatch = domain::tickets::ActOnTicket { unit: Some(unit), ..act(on, Action::Dispatch) };
    done_as(by, on, dispatch).await
}

/// The same, of one that is to be filed first.
pub async fn filed_and_sent(by: &Visitor, on: &ShownTicket, unit: UnitId) -> ShownTicket {
    let filed = done(by, on, Action::File).await;
    sent(by, &filed, unit).await
}
