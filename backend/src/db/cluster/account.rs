//! Under whose account the cluster runs: PostgreSQL refuses to run as root.

use anyhow::{Context, bail};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Accounts that take the cluster when root starts it, in order.
const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// The account the cluster's processes run under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// That of this process.
    Own,
    /// Another, because this process is root's.
    Other {
        /// User number.
        user: u32,
        /// Group number.
        group: u32,
    },
}

impl Account {
    /// Our own; for root the owner of the cluster's folder, or `postgres`, or `nobody`.
    ///
    /// # Errors
    /// When root finds none of them, or when the folder is somebody else's.
    pub fn choose(folder: Option<&Path>) -> anyhow::Result<Self> {
        let own = rustix::process::geteuid().as_raw();
        let owner = match folder {
            None => None,
            Some(path) => {
                let held = std::fs::metadata(path)
                    .with_context(|| format!("{} cannot be read", path.display()))?;
                Some((held.uid(), held.gid()))
            }
        };
        match owner {
            Some((user, _)) if user == own && own != 0 => Ok(Self::Own),
            Some((user, group)) if own == 0 && user != 0 => Ok(Self::Other { user, group }),
            Some((user, _)) if own != 0 => bail!(
                "the cluster in {0} belongs to user number {user}: run as that user or as root, or \
                 choose another --data-dir / {0} 中的数据库属于用户 {user}：请以该用户或 root 运行，\
                 或用 --data-dir 另选目录",
                folder.unwrap_or(Path::new("")).display()
            ),
            None if own != 0 => Ok(Self::Own),
            _ => {
                let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
                CANDIDATES.iter().find_map(|name| number(&accounts, name)).context(
                    "PostgreSQL does not run as root and there is neither a user `postgres` nor \
                     `nobody`: run as an ordinary user / PostgreSQL 不能以 root 运行，且没有 \
                     postgres 或 nobody 用户，请以普通用户运行",
                )
            }
        }
    }

    /// A program to be run under this account, from a folder it may surely enter.
    pub fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(Stdio::null()).env("LC_ALL", "C");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        if let Self::Other { user, group } = self {
            command.uid(user).gid(group);
        }
        command
    }

    /// Gives a folder to this account.
    ///
    /// # Errors
    /// When that is not allowed.
    pub fn give(self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Other { user, group } => std::os::unix::fs::chown(path, Some(user), Some(group)),
        }
    }

    /// Whether this account may enter a folder, every folder above it included.
    pub fn may_enter(self, path: &Path) -> bool {
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", "cd \"$1\"", "sh"]).arg(path).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

/// The account of this name in the text of `/etc/passwd`.
fn number(accounts: &str, name: &str) -> Option<Account> {
    accounts.lines().find_map(|line| {
        let mut parts = line.split(':');
        if parts.next() != Some(name) {
            return None;
        }
        let (user, group) = (parts.nth(1)?.parse().ok()?, parts.next()?.parse().ok()?);
        (user != 0).then_some(Account::Other { user, group })
    })
}

#[cfg(test)]
mod tests {
    use super::{Account, number};

    #[test]
    fn an_account_is_found_by_its_whole_name_and_never_as_root() {
        let accounts = "root:x:0:0::/root:/bin/sh\npostgresql:x:7:7::/:/bin/sh\n\
                        postgres:x:107:112::/var/lib/postgresql:/bin/bash\nbad:x:0:1::/:/bin/sh\n";
        let found = Account::Other { user: 107, group: 112 };
        assert_eq!(number(accounts, "postgres"), Some(found));
        assert_eq!(number(accounts, "nobody"), None);
        assert_eq!(number(accounts, "bad"), None);
    }
}
