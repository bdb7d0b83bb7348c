//! Where pictures lie: a folder, or a bucket of an S3-compatible store. Each is named by its
//! content, so that the same one lies there once and none is ever changed.

use crate::config::PhotosConfig;
use anyhow::{Context, bail};
use bytes::Bytes;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
};
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// How long a store may take for one request, and for trying again.
const PATIENCE: Duration = Duration::from_secs(20);
/// The region of stores that have none.
const REGION: &str = "us-east-1";

/// What a picture is called: the SHA-256 of its bytes.
pub type Hash = [u8; 32];

/// Which of the two sizes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// As it is kept.
    Whole,
    /// For lists.
    Small,
}

/// The store.
pub enum Shelf {
    /// A folder of this machine.
    Folder(LocalFileSystem),
    /// A bucket. It holds the key: it is not printed.
    Bucket(Box<AmazonS3>),
}

impl Shelf {
    /// The store that is configured; `photos` in the data folder unless another is named.
    ///
    /// # Errors
    /// With a sentence: the folder cannot be made, the bucket is not wholly described.
    pub fn open(config: &PhotosConfig, data_dir: &Path) -> anyhow::Result<Self> {
        if let Some(bucket) = &config.photos_s3_bucket {
            return Ok(Self::Bucket(Box::new(bucket_of(config, bucket)?)));
        }
        let folder = config.photos_dir.clone().unwrap_or_else(|| data_dir.join("photos"));
        let name = folder.display();
        let cannot = || format!("photos cannot be kept in {name} / 无法在 {name} 存放照片");
        std::fs::create_dir_all(&folder).with_context(cannot)?;
        let folder = LocalFileSystem::new_with_prefix(&folder).with_context(cannot)?;
        Ok(Self::Folder(folder))
    }

    fn store(&self) -> &dyn ObjectStore {
        match self {
            Self::Folder(folder) => folder,
            Self::Bucket(bucket) => &**bucket,
        }
    }

    /// Keeps a picture; when this returns it would survive a power cut. Once more does no harm.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put(&self, hash: &Hash, size: Size, picture: Vec<u8>) -> anyhow::Result<()> {
        let at = location(hash, size);
        let payload = PutPayload::from_bytes(Bytes::from(picture));
        self.store().put(&at, payload).await.context("a photo could not be kept")?;
        if let Self::Folder(folder) = self {
            let file = folder.path_to_filesystem(&at)?;
            tokio::task::spawn_blocking(move || settle(&file)).await??;
        }
        Ok(())
    }

    /// The bytes of a picture; `None`: it is not there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn get(&self, hash: &Hash, size: Size) -> anyhow::Result<Option<Bytes>> {
        let found = match self.store().get(&location(hash, size)).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        match found {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error).context("a photo could not be fetched"),
        }
    }

    /// Deletes a picture in both sizes. One that is not there is deleted.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delete(&self, hash: &Hash) -> anyhow::Result<()> {
        const WHAT: &str = "a photo could not be deleted";
        if let Self::Folder(folder) = self {
            let file = folder.path_to_filesystem(&location(hash, Size::Whole))?;
            let name = hex(hash);
            let removed = tokio::task::spawn_blocking(move || remove(&file, &name)).await?;
            return removed.context(WHAT);
        }
        for size in [Size::Whole, Size::Small] {
            match self.store().delete(&location(hash, size)).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error).context(WHAT),
            }
        }
        Ok(())
    }
}

/// A hash as hexadecimal digits.
pub fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn location(hash: &Hash, size: Size) -> Location {
    let name = hex(hash);
    let ending = match size {
        Size::Whole => "jpg",
        Size::Small => "small.jpg",
    };
    // By the first two digits: no folder grows without end.
    Location::from(format!("{}/{name}.{ending}", &name[..2]))
}

/// Waits until a file and its name are on the disk.
fn settle(file: &Path) -> std::io::Result<()> {
    File::open(file)?.sync_all()?;
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// Removes what lies beside a file under its name, what a killed process left half written, too.
fn remove(file: &Path, name: &str) -> std::io::Result<()> {
    let Some(folder) = file.parent() else { return Ok(()) };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(name) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn bucket_of(config: &PhotosConfig, bucket: &str) -> anyhow::Result<AmazonS3> {
    let endpoint = config.photos_s3_endpoint.as_deref();
    let (Some(endpoint), Some(key), Some(secret)) =
        (endpoint, &config.photos_s3_key, &config.photos_s3_secret)
    else {
        bail!(
            "a bucket for photos needs an endpoint, a key and a secret: WANGGE_PHOTOS_S3_ENDPOINT, \
             _KEY and _SECRET / 照片存储桶须同时给出地址、密钥编号和密钥"
        );
    };
    let local = is_local(endpoint);
    if !endpoint.starts_with("https://") && !local {
        bail!(
            "the endpoint for photos must begin with https://: over http only this machine is \
             reached / 照片存储地址须以 https:// 开头，http 只用于本机"
        );
    }
    let retry =
        RetryConfig { backoff: BackoffConfig::default(), max_retries: 3, retry_timeout: PATIENCE };
    let client = ClientOptions::new().with_timeout(PATIENCE).with_allow_http(local);
    // Nothing is read from the environment or from the cloud's own address for credentials.
    AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_endpoint(endpoint)
        .with_region(config.photos_s3_region.as_deref().unwrap_or(REGION))
        .with_access_key_id(key)
        .with_secret_access_key(secret.reveal())
        .with_retry(retry)
        .with_client_options(client)
        .build()
        .map_err(|_| {
            anyhow::anyhow!("the bucket for photos is described wrongly / 照片存储桶设置有误")
        })
}

/// Whether an address is of this machine and not encrypted.
fn is_local(endpoint: &str) -> bool {
    let Some(host) = endpoint.strip_prefix("http://") else { return false };
    let host = host.split('/').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    fn config(endpoint: &str) -> PhotosConfig {
        PhotosConfig {
            photos_s3_bucket: Some("photos".to_owned()),
            photos_s3_endpoint: Some(endpoint.to_owned()),
            photos_s3_key: Some("key".to_owned()),
            photos_s3_secret: Some(Secret::new("hush")),
            ..PhotosConfig::default()
        }
    }

    #[test]
    fn a_bucket_is_reached_over_tls_or_on_this_machine_only() {
        let open = |endpoint: &str| Shelf::open(&config(endpoint), Path::new("/nowhere")).is_ok();
        for fine in ["https://s3.example.com", "http://127.0.0.1:9000", "http://[::1]:9000"] {
            assert!(open(fine), "{fine}");
        }
        for wrong in [
            "http://s3.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost@example.com",
            "s3.example.com",
        ] {
            assert!(!open(wrong), "{wrong}");
        }
        let half = PhotosConfig { photos_s3_secret: None, ..config("https://s3.example.com") };
        assert!(Shelf::open(&half, Path::new("/nowhere")).is_err());
    }

    #[test]
    fn a_secret_is_not_printed() {
        let printed = format!("{:?}", config("https://s3.example.com"));
        assert!(!printed.contains("hush"), "{printed}");
    }

    #[tokio::test]
    async fn what_is_kept_is_there_once_and_what_is_deleted_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let config =
            PhotosConfig { photos_dir: Some(folder.path().into()), ..PhotosConfig::default() };
        let shelf = Shelf::open(&config, Path::new("/nowhere")).expect("a folder");
        let (hash, picture) = ([0xab; 32], b"picture".to_vec());
        for _ in 0..2 {
            shelf.put(&hash, Size::Whole, picture.clone()).await.expect("kept");
        }
        shelf.put(&hash, Size::Small, b"small".to_vec()).await.expect("kept");
        let got = shelf.get(&hash, Size::Whole).await.expect("an answer");
        assert_eq!(got.as_deref(), Some(&picture[..]));
        let names = std::fs::read_dir(folder.path().join("ab")).expect("a folder");
        assert_eq!(names.count(), 2);
        for _ in 0..2 {
            shelf.delete(&hash).await.expect("gone");
        }
        assert_eq!(shelf.get(&hash, Size::Small).await.expect("an answer"), None);
    }
}
