//! The command line: every verb is a file in its noun's folder, and this is the list of them.

use crate::config::Config;
use crate::console::Console;
use crate::db::verb::Migrate;
use crate::demo::verb::Demo;
use crate::grids::import::Grids;
use crate::grids::locate::Locate;
use crate::people::verb::People;
use crate::reports::import::Reports;
use crate::serve::Serve;
use crate::stop;
use crate::tickets::verbs::Tickets;
use clap::{Parser, Subcommand};

/// Wangge 网格: every place has exactly one responsible cell.
#[derive(Debug, Parser)]
#[command(name = "wangge", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,

    /// Answers with one JSON object on standard output; messages go to standard error. What was not
    /// done answers {"error": "…"} and exits with another code than 0.
    #[arg(long, global = true)]
    json: bool,

    /// What the program is told from outside.
    #[command(flatten)]
    pub config: Config,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Serve(Serve),
    Migrate(Migrate),
    /// Boundary files become editions.
    Grids {
        #[command(subcommand)]
        verb: Grids,
    },
    /// Reports from files.
    Reports {
        #[command(subcommand)]
        verb: Reports,
    },
    /// Tickets on the screen and in files.
    Tickets {
        #[command(subcommand)]
        verb: Tickets,
    },
    /// The first administrator.
    People {
        #[command(subcommand)]
        verb: People,
    },
    Locate(Locate),
    Demo(Demo),
}

impl Cli {
    /// Where this run speaks.
    pub const fn console(&self) -> Console {
        Console::new(self.json)
    }

    /// Does what was asked.
    ///
    /// # Errors
    /// With the sentence for the person at the terminal.
    pub async fn run(self) -> anyhow::Result<()> {
        let console = self.console();
        let Self { verb, config, .. } = self;
        let serving = matches!(verb, Verb::Serve(_));
        let work = async {
            match verb {
                Verb::Serve(serve) => serve.run(&config, console).await,
                Verb::Migrate(migrate) => migrate.run(&config, console).await,
                Verb::Grids { verb } => verb.run(&config, console).await,
                Verb::Reports { verb } => verb.run(&config, console).await,
                Verb::Tickets { verb } => verb.run(&config, console).await,
                Verb::People { verb } => verb.run(&config, console).await,
                Verb::Locate(locate) => locate.run(&config, console).await,
                Verb::Demo(demo) => demo.run(&config, console).await,
            }
        };
        tokio::select! {
            done = work => done,
            // The server says goodbye itself.
            () = stop::asked()?, if !serving => anyhow::bail!("stopped before it was done / 已中断"),
        }
    }
}
