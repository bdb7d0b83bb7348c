//! Photos: taken in, drawn anew without a word of their file, kept by their content.
//!
//! A photo is sent before the report or the step that names it; one that nobody names is deleted.
//! The row comes first and the picture after it, the picture goes first and the row after it: so
//! nothing lies in the store that no row tells of, whenever the service is killed.

mod picture;
mod raster;
mod said;
mod scan;
mod send;
pub mod shelf;
pub mod store;
pub mod sweep;

pub use send::routes;

use crate::config::PhotosConfig;
use crate::pace::Pace;
use domain::ids::{PersonId, TokenId};
use shelf::Shelf;
use std::net::IpAddr;
use std::path::Path;
use tokio::sync::Semaphore;

/// Photos that come in at the same time, each in a file on disk, whoever sends however slowly.
const COMING_IN: usize = 256;
/// Files in memory at the same time.
const FILES: usize = 4;
/// Million pixels in memory at the same time, of the largest photo and a little more: an opened
/// progressive JPEG takes nine bytes a pixel.
const MEGAPIXELS: u32 = 64;

/// What a server process needs for photos.
pub struct Photos {
    /// Where pictures lie.
    pub shelf: Shelf,
    coming_in: Semaphore,
    files: Semaphore,
    megapixels: Semaphore,
    pace: Pace<Sending>,
}

/// Who sends photos, for counting how many.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Sending {
    Person(PersonId),
    Token(TokenId),
    Address(Option<IpAddr>),
}

impl Photos {
    /// With the store that is configured.
    ///
    /// # Errors
    /// With a sentence: the folder cannot be made, the store is not wholly described.
    pub fn open(config: &PhotosConfig, data_dir: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            shelf: Shelf::open(config, data_dir)?,
            coming_in: Semaphore::new(COMING_IN),
            files: Semaphore::new(FILES),
            megapixels: Semaphore::new(MEGAPIXELS as usize),
            pace: Pace::default(),
        })
    }
}
