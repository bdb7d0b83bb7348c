//! The folder of the cluster: where it lies, how it is made, where its socket goes.

use super::account::Account;
use super::programs::Programs;
use anyhow::{Context, bail};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Its name in the data folder.
const NAME: &str = "pg";
/// How a folder is called while it is being made.
const MAKING: &str = "pg.making-";
/// Where the cluster goes when root's data folder lies where its account may not enter, as under
/// `/root`. The data folder then holds a link.
const ELSEWHERE: &str = "/var/lib/wangge";
/// The longest path of a Unix socket that Linux takes.
const SOCKET_PATH_BYTES: usize = 107;

/// The folder of a cluster that has been made.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The cluster of a data folder, if there is one.
    ///
    /// # Errors
    /// When something else lies in its place.
    pub fn find(data_dir: &Path) -> anyhow::Result<Option<Self>> {
        let link = data_dir.join(NAME);
        if fs::symlink_metadata(&link).is_err() {
            return Ok(None);
        }
        let name = link.display();
        let path = link.canonicalize().with_context(|| {
            format!(
                "{name} leads nowhere: remove it or put the cluster back / {name} 指向的目录不存在"
            )
        })?;
        // Only whoever owns it may look inside, so this is asked of the folder alone.
        if !path.is_dir() {
            bail!("{name} is not a folder: choose another --data-dir / {name} 不是目录");
        }
        Ok(Some(Self { path }))
    }

    /// Makes a cluster. It gets its name at the end, so that one half made is never used.
    ///
    /// # Errors
    /// With what `initdb` said.
    pub fn make(data_dir: &Path, programs: &Programs, account: &Account) -> anyhow::Result<Self> {
        clear(data_dir);
        let within = account.may_enter(data_dir);
        let home = if within { data_dir.to_path_buf() } else { PathBuf::from(ELSEWHERE) };
        fs::create_dir_all(&home)?;
        let making = tempfile::Builder::new().prefix(MAKING).tempdir_in(&home)?;
        fs::set_permissions(making.path(), fs::Permissions::from_mode(0o700))?;
        account.give(making.path())?;
        let mut initdb = account.command(&programs.path("initdb"));
        initdb.args(["--username=wangge", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        run(initdb.arg("-D").arg(making.path()))?;
        let settings = making.path().join("postgresql.conf");
        let mut text = fs::read_to_string(&settings)?;
        text.push_str(
            "\n# Written again at every start by Wangge.\ninclude_if_exists 'wangge.conf'\n",
        );
        fs::write(&settings, text)?;
        let made = making.keep();
        let link = data_dir.join(NAME);
        if within {
            fs::rename(&made, &link)?;
            return Ok(Self { path: link });
        }
        symlink(&made, &link)?;
        Ok(Self { path: made })
    }

    /// Where it lies, links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The major version of the PostgreSQL that made it.
    ///
    /// # Errors
    /// When it is no cluster.
    pub fn version(&self) -> anyhow::Result<u32> {
        let name = self.path.display();
        let text = fs::read_to_string(self.path.join("PG_VERSION")).with_context(|| {
            format!(
                "{name} is not a PostgreSQL cluster, or not yours / {name} 不是可用的数据库目录"
            )
        })?;
        text.trim().parse().with_context(|| format!("{name} has an unknown version: {text}"))
    }

    /// A folder for the socket: the cluster's own, or a short one when that path is too long or
    /// has characters that the settings would read as something else.
    ///
    /// # Errors
    /// When no folder can be made.
    pub fn socket_folder(&self, file: &str, account: &Account) -> anyhow::Result<PathBuf> {
        let bytes = self.path.as_os_str().as_encoded_bytes();
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(byte);
        if bytes.len() + 1 + file.len() <= SOCKET_PATH_BYTES && bytes.iter().all(plain) {
            return Ok(self.path.clone());
        }
        let short = tempfile::Builder::new().prefix("wangge-").tempdir_in("/tmp")?;
        fs::set_permissions(short.path(), fs::Permissions::from_mode(0o700))?;
        account.give(short.path())?;
        Ok(short.keep())
    }
}

/// Removes what a process that was killed in the middle of making a cluster left behind.
fn clear(data_dir: &Path) {
    for entry in fs::read_dir(data_dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(MAKING) {
            // What cannot be removed does no harm: the next one gets another name.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Runs a program of PostgreSQL's; what it wrote is the error when it fails.
///
/// # Errors
/// With what the program wrote.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done = command.output().with_context(|| format!("{program} cannot be started"))?;
    if !done.status.success() {
        let (said, wrote) =
            (String::from_utf8_lossy(&done.stderr), String::from_utf8_lossy(&done.stdout));
        bail!("{program} failed ({}): {} {}", done.status, said.trim(), wrote.trim());
    }
    Ok(())
}
