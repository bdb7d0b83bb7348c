//! Log lines on standard error.

use crate::config::Config;
use anyhow::Context;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts logging as configured.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log).with_context(|| {
        format!("--log {:?} is no filter: try info, debug or wangge=debug", config.log)
    })?;
    // There the driver writes the parameters of every statement: names, texts, places.
    let filter = filter.add_directive("tokio_postgres::query=info".parse()?);
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if config.log_json {
        logs.json().init()
    } else {
        logs.with_target(false).init()
    }
    Ok(())
}
