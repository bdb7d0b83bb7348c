//! What the program is told from outside: one struct, from flags and the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The whole configuration. A flag wins over its environment variable.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Configuration")]
pub struct Config {
    /// Folder of the private database cluster and of the files the service keeps.
    #[arg(long, global = true, env = "WANGGE_DATA_DIR", default_value = "./.wangge")]
    #[arg(value_name = "DIR")]
    pub data_dir: PathBuf,

    /// A PostgreSQL database with PostGIS 3.3 or newer to use instead of the private cluster,
    /// as postgres://user:password@host/database. TLS is not spoken: use a socket or a tunnel.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// How many connections to the database this process keeps at most.
    #[arg(long, global = true, env = "WANGGE_DATABASE_CONNECTIONS", default_value_t = 16)]
    #[arg(value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(2..=500))]
    pub database_connections: u16,

    /// Which log lines are written to standard error, as in RUST_LOG.
    #[arg(long, global = true, env = "WANGGE_LOG", value_name = "FILTER")]
    #[arg(default_value = "info,tokio_postgres=warn")]
    pub log: String,

    /// Writes log lines as JSON, one object a line.
    #[arg(long, global = true, env = "WANGGE_LOG_JSON")]
    pub log_json: bool,
}

/// What only the server needs to know.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeConfig {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "WANGGE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Whether a reverse proxy of ours stands in front: then the last address in X-Forwarded-For is
    /// believed to be where a request comes from.
    #[arg(long, env = "WANGGE_BEHIND_PROXY")]
    pub behind_proxy: bool,

    /// The built front end (made by `cargo run -p xtask -- build`).
    #[arg(long, env = "WANGGE_WEB_DIR", default_value = "frontend/dist", value_name = "DIR")]
    pub web_dir: PathBuf,

    /// A JSON file that describes the base map: kind (none, geojson, pmtiles, raster), url, datum,
    /// attribution, min_zoom, max_zoom. Left out: DATA_DIR/base-map/base-map.json if it is there.
    /// With the url /base-map/NAME the file NAME beside it is served.
    #[arg(long, env = "WANGGE_BASE_MAP", value_name = "FILE")]
    pub base_map: Option<PathBuf>,

    /// Where raster tiles are fetched from, with {z}, {x} and {y}, for a source whose key must stay
    /// on the server (as that of 天地图: its web Mercator sets, LAYER=vec&TILEMATRIXSET=w).
    /// Browsers get them from here.
    #[arg(long, env = "WANGGE_BASE_MAP_UPSTREAM", hide_env_values = true, value_name = "URL")]
    pub base_map_upstream: Option<String>,

    /// Lets webhooks go to addresses that are not public: of this machine, of a private network.
    /// Whoever may add a webhook can then have this server knock on doors inside the walls.
    #[arg(long, env = "WANGGE_WEBHOOKS_TO_PRIVATE")]
    pub webhooks_to_private: bool,

    /// Where photos lie.
    #[command(flatten)]
    pub photos: PhotosConfig,

    /// How many webhooks this process serves at once; 0 leaves their messages to other processes.
    #[arg(long, env = "WANGGE_WEBHOOKS_AT_ONCE", default_value_t = 8, value_name = "NUMBER")]
    pub webhooks_at_once: u16,
}

/// Where photos lie: a folder, or a bucket of an S3-compatible store. Every server process must
/// have the same.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct PhotosConfig {
    /// Folder for photos. Left out: DATA_DIR/photos.
    #[arg(long, env = "WANGGE_PHOTOS_DIR", value_name = "DIR")]
    pub photos_dir: Option<PathBuf>,

    /// Bucket for photos instead of a folder, with the four settings below. It must not be public:
    /// this server says who may see which photo.
    #[arg(long, env = "WANGGE_PHOTOS_S3_BUCKET", value_name = "NAME")]
    pub photos_s3_bucket: Option<String>,

    /// Address of the store, https://…; over http only on this machine.
    #[arg(long, env = "WANGGE_PHOTOS_S3_ENDPOINT", value_name = "URL")]
    pub photos_s3_endpoint: Option<String>,

    /// Region of the store. Left out: us-east-1, which stores without regions expect.
    #[arg(long, env = "WANGGE_PHOTOS_S3_REGION", value_name = "NAME")]
    pub photos_s3_region: Option<String>,

    /// Access key of the store.
    #[arg(long, env = "WANGGE_PHOTOS_S3_KEY", hide_env_values = true, value_name = "KEY")]
    pub photos_s3_key: Option<String>,

    /// Secret of that key; by the environment rather than a flag, which others can read.
    #[arg(long, env = "WANGGE_PHOTOS_S3_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub photos_s3_secret: Option<Secret>,
}

/// Something that is told from outside and is neither printed nor logged.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Keeps it.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// For whoever must have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(secret: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(secret))
    }
}
