//! One person's place in the notices: brings what comes after the last one they have, as long as
//! their session lasts and as far as they may see at that moment.

use super::store::{self, Reader};
use crate::app::App;
use crate::call::Asked;
use crate::people::{self, password};
use crate::refuse::Refused;
use domain::ids::NoticeId;
use domain::people::Me;
use domain::tickets::notices::{Hearer, Notice};

/// How many are read at once. What a slow reader has not taken yet waits in the database.
const AT_ONCE: i64 = 50;

/// Follows the notices for one person.
pub struct Follower {
    app: App,
    session: Vec<u8>,
    hearers: Vec<String>,
    last: NoticeId,
}

/// What there is.
#[derive(Clone, Debug)]
pub enum More {
    /// These, and whether they are all for now.
    Notices(Vec<Notice>, bool),
    /// Nothing any more: the session is over.
    Over,
}

impl Follower {
    /// For whoever is signed in, from the last notice they have (`None`: from now on); `None` when
    /// nobody is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(asked: &Asked, last: Option<NoticeId>) -> Result<Option<Self>, Refused> {
        let (Some(token), Some(me)) = (asked.token(), asked.me().await?) else { return Ok(None) };
        let latest = store::latest(&**asked.app.db.client().await?).await?;
        // A number that was never given is of another database.
        let last = last.filter(|last| *last <= latest).unwrap_or(latest);
        let (session, hearers) = (password::token_hash(token), reader(me).hearers);
        Ok(Some(Self { app: asked.app.clone(), session, hearers, last }))
    }

    /// The last notice they have, or that was not for them.
    pub const fn last(&self) -> NoticeId {
        self.last
    }

    /// Whether notices for these may be for them.
    pub fn concerns(&self, hearers: &[String]) -> bool {
        hearers.is_empty() || hearers.iter().any(|hearer| self.hearers.contains(hearer))
    }

    /// The next notices. Who they are and what they may see is asked anew each time.
    ///
    /// # Errors
    /// When the database does not answer; nothing is skipped then.
    pub async fn more(&mut self) -> Result<More, Refused> {
        let db = self.app.db.client().await?;
        let Some((me, _)) = people::store::session(&db, &self.session).await? else {
            return Ok(More::Over);
        };
        let reader = reader(&me);
        let heard = store::since(&db, &reader, self.last, AT_ONCE).await?;
        drop(db);
        self.hearers = reader.hearers;
        let all = i64::try_from(heard.len()).is_ok_and(|count| count < AT_ONCE);
        self.last = heard.last().map_or(self.last, |heard| heard.number);
        Ok(More::Notices(heard.into_iter().filter_map(|heard| heard.notice).collect(), all))
    }
}

/// Somebody as a reader of notices.
pub(super) fn reader(me: &Me) -> Reader {
    let hearers = Hearer::of(me).iter().map(ToString::to_string).collect();
    Reader { hearers, scope: me.scope() }
}
