//! Telling other programs: webhooks, and the messages for them in the outbox.
//!
//! Messages are queued by the database beside the events they tell of (migration
//! 0006_tickets_telling); what is here arranges webhooks and brings the messages to them. How they
//! are signed, [`domain::tickets::telling`] says.

pub mod address;
pub mod again;
pub mod courier;
mod handlers;
pub mod sign;
mod store;

use crate::app::App;
use crate::background::until_closing;

pub use handlers::routes;

/// Brings messages until the server stops, unless this process is told to leave them to others.
pub fn start(app: &App) {
    let webhooks = usize::from(app.config.webhooks_at_once);
    if webhooks > 0 {
        let courier = app.courier.clone();
        let bring = async move { courier.run(webhooks).await };
        tokio::spawn(until_closing(app.clone(), bring));
    }
}
