//! `wangge tickets`: tickets for whoever runs the service, at the terminal and in files.
//!
//! Whoever has the database sees everything; so that a list on a screen or a file that is passed
//! on does not show what few may see, sensitive tickets come only when they are asked for.

mod export;
mod list;
mod show;
mod store;
mod table;

use super::lists::Wanted;
use crate::config::Config;
use crate::console::Console;
use crate::db::{Client, Db};
use crate::grids::live::Live;
use domain::Refusal;
use domain::clocks;
use domain::ids::UnitId;
use domain::people::Scope;
use domain::tickets::{ListTickets, State};
use domain::word::Word;
use export::Export;
use jiff::Timestamp;
use list::List;
use show::Show;

/// What can be done with tickets.
#[derive(Debug, clap::Subcommand)]
pub enum Tickets {
    /// Lists tickets, newest first, or what is due first.
    ///
    /// A line has: number, state, 超时 if the deadline has passed, responsible unit, cell,
    /// category, when it was opened, and when it is due. A page that is full says how to ask for
    /// the next one.
    List(List),
    /// Shows a ticket with its reports and everything that happened to it, in order.
    ///
    /// What reporters wrote is shown: mind who looks over your shoulder. Files that are passed on
    /// are made by `wangge tickets export`, which leaves it out.
    Show(Show),
    /// Writes tickets into a file: a table (.csv) or an object a line (.ndjson), by number.
    ///
    /// Nothing of persons is in it: no name, no text of a report or a note, no tracking code, no
    /// photo. Sensitive tickets are left out, and how many is said. In a table, what a spreadsheet
    /// would run as a formula has an apostrophe before it. The file appears when it is whole, and
    /// only its owner may read it.
    Export(Export),
}

impl Tickets {
    /// Does it.
    ///
    /// # Errors
    /// With a sentence for the person at the terminal.
    pub async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        let db = Db::open(config).await?;
        let client = db.client().await?;
        match self {
            Self::List(list) => list.run(&client, console).await,
            Self::Show(show) => show.run(&client, console).await,
            Self::Export(export) => export.run(client, console).await,
        }
    }
}

/// Which tickets; what is left out does not narrow.
#[derive(Clone, Debug, clap::Args)]
struct Filters {
    /// Only those in this state, as dispatched or closed.
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<State>,
    /// Only those under this cell, of any level, as the cells were when they were opened.
    #[arg(long, value_name = "CODE")]
    cell: Option<String>,
    /// Only those of this category.
    #[arg(long, value_name = "CODE")]
    category: Option<String>,
    /// Only those that this unit answers for, by its number.
    #[arg(long, value_name = "NUMBER")]
    unit: Option<UnitId>,
    /// Only those whose deadline has passed.
    #[arg(long)]
    overdue: bool,
    /// Sensitive ones too. Who reads the answer must be somebody who may see them.
    #[arg(long)]
    with_sensitive: bool,
}

impl Filters {
    /// The level of the cell meant, by the cells now in force.
    async fn level(&self, db: &Client) -> anyhow::Result<Option<u8>> {
        let Some(code) = &self.cell else { return Ok(None) };
        Ok(Live::load(db).await?.cell_with_code(code).map(|cell| cell.row.level))
    }

    /// What a list narrowed so is, with the page that the rest of the question names.
    fn wanted(
        self,
        page: ListTickets,
        limit: i64,
        level: Option<u8>,
        now: Timestamp,
    ) -> Result<Wanted, Refusal> {
        let Self { state, cell, category, unit, overdue, .. } = self;
        let question = ListTickets { state, cell, category, unit, overdue, ..page };
        Wanted::of(question, limit, |_| level, now)
    }
}

/// What an operator sees.
fn scope(with_sensitive: bool) -> Scope {
    Scope { all_sensitive: with_sensitive, ..Scope::everything() }
}

fn state(code: &str) -> Result<State, String> {
    State::from_code(code).ok_or_else(|| {
        let known: Vec<&str> = State::ALL.iter().map(|state| state.code()).collect();
        format!("未知状态，可用 use one of: {}", known.join(", "))
    })
}

/// A time as clocks in the district show it.
fn local(time: &str) -> String {
    let at = time.parse::<Timestamp>().map(clocks::local);
    at.map_or_else(|_| time.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}
