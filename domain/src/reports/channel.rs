//! Channels, and the one table that says who may send through which.

use crate::call::Who;
use crate::people::Role;
use crate::refusal::{Kind, Refusal};
use crate::word::Word;
use crate::words;

words! {
    /// Where a report came from.
    Channel {
        Hotline = "hotline", "12345 热线", "12345 hotline";
        Platform = "platform", "数字城管", "digital city management";
        Forum = "forum", "寒山闻钟", "Hanshan forum";
        PatrolApp = "patrol_app", "巡查通", "patrol app";
        Snapshot = "snapshot", "随手拍", "citizens' photo app";
        Patrol = "patrol", "巡查", "patrol";
        Member = "member", "网格员", "grid member";
        Care = "care", "关爱探访", "care visit";
        Import = "import", "批量导入", "bulk import";
    }
}

/// Who takes down what other systems and callers say.
const CENTRES: Who = Who::Roles(&[Role::Dispatcher, Role::ShiftLead, Role::SubCentre]);

/// Who may send through a channel besides whoever holds a token for it: the public's own is open to
/// anyone, those of the staff to whoever is signed in, those of other systems to the centres.
pub const SENDERS: &[(Channel, Who)] = &[
    (Channel::Hotline, CENTRES),
    (Channel::Platform, CENTRES),
    (Channel::Forum, CENTRES),
    (Channel::PatrolApp, Who::SignedIn),
    (Channel::Snapshot, Who::Anyone),
    (Channel::Patrol, Who::SignedIn),
    (Channel::Member, Who::SignedIn),
    // The service's own: visits that fall due, and what was seen on one.
    (Channel::Care, Who::Roles(&[])),
    (Channel::Import, CENTRES),
];

/// Who sends a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sender {
    /// Nobody in particular.
    Nobody,
    /// A person signed in.
    Person(Role),
    /// Whoever holds a token of this channel.
    Holder(Channel),
}

impl Channel {
    /// Who may send through it without a token.
    pub fn senders(self) -> Who {
        let line = SENDERS.iter().find(|(channel, _)| *channel == self);
        line.map_or(CENTRES, |(_, who)| *who)
    }

    /// Whether this sender may send through it.
    ///
    /// # Errors
    /// - forbidden: a token of another channel, or a role that does not take such reports;
    /// - nobody: it takes a token or a person signed in.
    pub fn takes(self, sender: Sender) -> Result<(), Refusal> {
        let role = match sender {
            Sender::Holder(channel) if channel == self => return Ok(()),
            Sender::Holder(channel) => return Err(self.another(channel)),
            Sender::Nobody => None,
            Sender::Person(role) => Some(role),
        };
        match role {
            _ if self.senders().lets(role) => Ok(()),
            None => Err(Refusal::new(
                Kind::Nobody,
                format!("以“{}”来源上报须先登录，或使用该来源的令牌。", self.zh()),
                format!(
                    "To report through “{}”, sign in or send a token of that channel.",
                    self.en()
                ),
            )
            .at("channel")),
            Some(role) => Err(Refusal::new(
                Kind::Forbidden,
                format!("“{}”不能以“{}”来源上报，请另选来源。", role.zh(), self.zh()),
                format!(
                    "A {} does not report through “{}”: choose another channel.",
                    role.en(),
                    self.en()
                ),
            )
            .at("channel")),
        }
    }

    fn another(self, held: Self) -> Refusal {
        Refusal::new(
            Kind::Forbidden,
            format!("此令牌只能以“{}”来源上报，不能以“{}”来源上报。", held.zh(), self.zh()),
            format!("This token reports through “{}” only, not “{}”.", held.en(), self.en()),
        )
        .at("channel")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_has_one_line_of_senders() {
        let lines: Vec<Channel> = SENDERS.iter().map(|(channel, _)| *channel).collect();
        assert_eq!(lines, Channel::ALL);
    }

    #[test]
    fn a_token_opens_its_own_channel_and_no_other() {
        for &held in Channel::ALL {
            for &channel in Channel::ALL {
                let taken = channel.takes(Sender::Holder(held));
                assert_eq!(taken.is_ok(), held == channel, "{held} {channel}");
                assert!(taken.is_ok() || taken.is_err_and(|why| why.kind == Kind::Forbidden));
            }
        }
    }

    #[test]
    fn the_public_sends_through_its_own_channel_staff_through_theirs_centres_through_all() {
        for &channel in Channel::ALL {
            let public = channel == Channel::Snapshot;
            let staff = [Channel::PatrolApp, Channel::Patrol, Channel::Member].contains(&channel);
            assert_eq!(channel.takes(Sender::Nobody).is_ok(), public, "{channel}");
            for &role in Role::ALL {
                let centre = matches!(
                    role,
                    Role::Dispatcher | Role::ShiftLead | Role::SubCentre | Role::Administrator
                );
                let taken = channel.takes(Sender::Person(role));
                let may = match channel {
                    Channel::Care => role == Role::Administrator,
                    _ => public || staff || centre,
                };
                assert_eq!(taken.is_ok(), may, "{channel} as {role}");
            }
        }
    }
}
