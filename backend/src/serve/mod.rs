//! `wangge serve`: the service and the map over HTTP, until it is told to stop.

mod base_map;
mod frame;
mod openapi;
pub mod upstream;
mod web;

use crate::app::{App, Parts};
use crate::call::Routes;
use crate::config::{Config, ServeConfig};
use crate::console::Console;
use crate::db::Db;
use crate::grids::live::{Live, LiveGrid};
use crate::people::throttle::Failures;
use crate::reports::codes::Codes;
use crate::reports::events::Events;
use crate::reports::intake::Intake;
use crate::reports::photos::Photos;
use crate::reports::tokens::Tokens;
use crate::tickets::opening::Opening;
use crate::tickets::telling::courier::Courier;
use crate::tickets::timing::Timing;
use crate::{events, follow, grids, people, reports, stop, tickets};
use anyhow::Context;
use axum::Router;
use axum::serve::ListenerExt;
use domain::reports::{KEEPING, Keeping};
use domain::tickets::repeats::Figures;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use upstream::Upstream;

/// How long answers under way may take when the server is told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves the API and the map until SIGTERM or ctrl-C.
#[derive(Debug, clap::Args)]
pub struct Serve {
    #[command(flatten)]
    config: ServeConfig,
}

impl Serve {
    /// Serves until told to stop.
    ///
    /// # Errors
    /// With a sentence: no database, the address is taken, the base map cannot be read.
    pub async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        let stop = stop::asked()?;
        let server = Server::start(config, self.config).await?;
        let address = server.address;
        console.answer(
            &serde_json::json!({ "listening": format!("http://{address}") }),
            format_args!("Wangge 网格: http://{address}"),
        )?;
        server.run(stop).await
    }
}

/// A server that is bound to its address.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    listener: TcpListener,
    router: Router,
    closing: watch::Sender<bool>,
}

impl Server {
    /// Opens the database, loads what is kept in memory and binds the address.
    ///
    /// # Errors
    /// As for [`Serve::run`].
    pub async fn start(config: &Config, serve: ServeConfig) -> anyhow::Result<Self> {
        let db = Db::open(config).await?;
        let upstream = serve.base_map_upstream.as_deref().map(Upstream::new).transpose()?;
        let base_map = base_map::read(&serve, &config.data_dir)?;
        let file = base_map::file(&base_map, &serve, &config.data_dir);
        let (closing, closes) = watch::channel(false);
        let photos = Arc::new(Photos::open(&serve.photos, &config.data_dir)?);
        let listen = serve.listen;
        let tokens = Tokens::default();
        let (live, codes) = {
            let client = db.client().await?;
            tokens.refresh(&**client).await.context("the tokens cannot be loaded")?;
            let live = Live::load(&client).await;
            let live = live.context("the edition in force cannot be loaded")?;
            (live, Codes::load(&**client).await?)
        };
        let live = Arc::new(LiveGrid::new(live));
        let timing = Arc::new(Timing::shipped()?);
        let opening = Opening { live: live.clone(), timing: timing.clone() };
        let app = App::new(Parts {
            live,
            timing,
            repeats: Arc::new(Figures::shipped()?),
            tiles: Default::default(),
            codes,
            intake: Intake::start(db.clone(), opening),
            photos,
            keeping: Keeping::parse(KEEPING)?,
            tokens,
            events: Events::start(db.clone()),
            notices: Default::default(),
            courier: Arc::new(Courier::new(db.clone(), serve.webhooks_to_private)?),
            throttle: Arc::default(),
            guesses: Failures::default(),
            db,
            config: Arc::new(serve),
            base_map: Arc::new(base_map),
            upstream: upstream.map(Arc::new),
            closing: closes,
        });
        follow::start(&app);
        reports::photos::sweep::start(&app);
        tickets::keeper::start(&app);
        tickets::care::rounds::start(&app);
        tickets::telling::start(&app);
        tickets::notices::start(&app);
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!(
                "{listen} cannot be listened to: choose another with --listen / 无法监听 {listen}，\
                 请用 --listen 另选地址"
            )
        })?;
        let address = listener.local_addr()?;
        let router = frame::frame(routes(), &app, file);
        Ok(Self { address, listener, router, closing })
    }

    /// Serves until `stop` is done, then lets answers under way finish for a while.
    ///
    /// # Errors
    /// When the listener breaks.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        let Self { listener, router, closing, .. } = self;
        let mut closes = closing.subscribe();
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps Nagle's delay");
            }
        });
        let serving =
            axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
                .with_graceful_shutdown(async move {
                    stop.await;
                    tracing::info!("stopping");
                    closing.send_replace(true);
                });
        tokio::select! {
            served = serving => served.context("the server broke"),
            () = async {
                let _ = closes.wait_for(|closing| *closing).await;
                tokio::time::sleep(FAREWELL).await;
            } => Ok(()),
        }
    }
}

/// Everything served, noun by noun.
pub fn routes() -> Routes {
    frame::routes()
        .and(base_map::routes())
        .and(upstream::routes())
        .and(people::routes())
        .and(grids::routes())
        .and(reports::routes())
        .and(tickets::routes())
        .and(tickets::telling::routes())
        .and(tickets::notices::routes())
        .and(events::routes())
}
