//! Ids: one list of newtypes over what the database counts with.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> { s.parse().map(Self) }
        }
    )+};
}

ids! {
    /// A person.
    PersonId;
    /// A unit: centre, sub-centre, community, grid team, department.
    UnitId;
    /// Somebody's duty on the roster.
    DutyId;
    /// A published edition; larger is newer.
    EditionId;
    /// A report.
    ReportId;
    /// A token of a channel.
    TokenId;
    /// That somebody asked who a reporter is.
    ViewId;
    /// A ticket.
    TicketId;
    /// A campaign.
    CampaignId;
    /// A choice of a ticket for or against a campaign.
    ChoiceId;
    /// A place looked at in a campaign.
    InspectionId;
    /// A household that is cared for.
    HouseholdId;
    /// A webhook.
    WebhookId;
    /// A message to a webhook.
    MessageId;
    /// A notice.
    NoticeId;
}
