//! The `wangge` program: reads the command line, does it, and says in a sentence why it could not.

use backend::cli::Cli;
use backend::logs;
use clap::Parser;
use mimalloc::MiMalloc;
use std::process::ExitCode;
use std::time::Duration;

/// Requests begin on one thread and end on another: with the allocator of glibc those wait for one
/// another's locks, for a tenth of all time under load.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let console = cli.console();
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console.failed(&error);
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> anyhow::Result<()> {
    logs::start(&cli.config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(cli.run());
    // Work on other threads that was interrupted is not waited for.
    runtime.shutdown_timeout(Duration::from_secs(5));
    done
}
