//! Being asked to stop: SIGTERM or ctrl-C.

use std::future::Future;
use tokio::signal::unix::{SignalKind, signal};

/// Done when the process is asked to stop.
///
/// # Errors
/// When signals cannot be received.
pub fn asked() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
