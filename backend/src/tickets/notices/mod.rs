//! Notices: what people at work are told of, as the event stream brings it and as pages.
//!
//! The [`crier`] makes them of steps and of clocks and gives them their numbers; a [`follower`]
//! brings one person everything after the last one they have. What is told to whom,
//! [`domain::tickets::notices`] says.

pub mod crier;
pub mod follower;
mod handlers;
mod store;
pub mod wake;

use crate::app::App;
use crate::background::{Trouble, until_closing};
use crier::Crier;
use jiff::Timestamp;
use std::time::Duration;

pub use handlers::routes;

/// How often steps are looked for that nobody was told of.
const EVERY: Duration = Duration::from_secs(1);

/// Tells until the server closes.
pub fn start(app: &App) {
    let crier = Crier::new(app.db.clone(), app.timing.clone());
    tokio::spawn(until_closing(app.clone(), tell(crier)));
}

async fn tell(crier: Crier) {
    let mut trouble = Trouble::none();
    loop {
        match crier.pass(Timestamp::now()).await {
            Ok(_) => {
                trouble.over("notices are made");
                tokio::time::sleep(EVERY).await;
            }
            Err(error) => trouble.wait_out(&error, "notices cannot be made").await,
        }
    }
}
