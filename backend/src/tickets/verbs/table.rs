//! Tickets as rows of a table that spreadsheets open, without doing what a cell says.

use domain::tickets::Ticket;
use domain::word::Word;

/// Told before the header, so that spreadsheets read UTF-8.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// The names of the columns.
pub const COLUMNS: [&str; 25] = [
    "ticket",
    "state",
    "state_zh",
    "seq",
    "level",
    "unit",
    "unit_name",
    "category",
    "urgent",
    "sensitive",
    "supervised",
    "lng_cgcs2000",
    "lat_cgcs2000",
    "edition",
    "cell",
    "opened_at",
    "ended_at",
    "stage",
    "warn_at",
    "due_at",
    "long_at",
    "provisional",
    "arrived_at",
    "review_at",
    "merged_into",
];

/// The fields of a ticket, column by column.
pub fn row(ticket: &Ticket) -> [String; 25] {
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let free = |text: &Option<String>| text.as_deref().map(harmless).unwrap_or_default();
    let yes = |yes: bool| if yes { "1" } else { "0" }.to_owned();
    let Ticket { id, state, seq, level, unit, edition, .. } = *ticket;
    [
        id.to_string(),
        state.code().to_owned(),
        state.zh().to_owned(),
        seq.to_string(),
        level.to_string(),
        unit.to_string(),
        harmless(&ticket.unit_name),
        free(&ticket.category),
        yes(ticket.urgent),
        yes(ticket.sensitive),
        yes(ticket.supervised),
        ticket.lng.to_string(),
        ticket.lat.to_string(),
        edition.to_string(),
        free(&ticket.cell),
        ticket.opened_at.clone(),
        given(&ticket.ended_at),
        ticket.stage.map(|stage| stage.code().to_owned()).unwrap_or_default(),
        given(&ticket.warn_at),
        given(&ticket.due_at),
        given(&ticket.long_at),
        yes(ticket.provisional),
        given(&ticket.arrived_at),
        given(&ticket.review_at),
        ticket.merged_into.map(|into| into.to_string()).unwrap_or_default(),
    ]
}

/// Text that a spreadsheet takes for text: what would begin a formula gets an apostrophe before
/// it. A category is whatever a sender wrote, and `=HYPERLINK(…)` would otherwise be one.
pub fn harmless(text: &str) -> String {
    let begins = |c: char| "=+-@\t\r\n＝＋－＠".contains(c);
    match text.trim_start_matches(' ').starts_with(begins) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_would_be_a_formula_becomes_text_and_text_stays() {
        for text in ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "-"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "1101", "甲网格队", "a=b", "'=1"] {
            assert_eq!(harmless(text), text);
        }
    }
}
