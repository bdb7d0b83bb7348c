//! Where PostgreSQL's programs are installed, and whether PostGIS is there for them.

use super::folder::Folder;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// The oldest PostgreSQL that will do.
const OLDEST: u32 = 14;
/// Where Debian and Ubuntu put every version beside the others.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The programs of one version of PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    bin: PathBuf,
}

impl Programs {
    /// Those that made the cluster; for a new one the newest that has PostGIS.
    ///
    /// # Errors
    /// With the packages to install.
    pub fn find(folder: Option<&Folder>) -> anyhow::Result<Self> {
        let version = folder.map(Folder::version).transpose()?;
        choose(Path::new(DEBIAN), Path::new("/usr/share/postgresql"), version)
    }

    /// The path of a program.
    pub fn path(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

fn choose(libraries: &Path, shares: &Path, wanted: Option<u32>) -> anyhow::Result<Programs> {
    let installed = versions(libraries);
    if let Some(version) = wanted {
        if !installed.contains(&version) {
            bail!(
                "the private cluster was made by PostgreSQL {version}, which is not installed. \
                 Install it (apt-get install postgresql-{version} postgresql-{version}-postgis-3) \
                 or choose another --data-dir. / 私有数据库由 PostgreSQL {version} 建立，但未安装：\
                 请安装 postgresql-{version} 与 postgresql-{version}-postgis-3，或用 --data-dir \
                 另选目录。"
            );
        }
        return with_postgis(libraries, shares, version).with_context(|| no_postgis(version));
    }
    let Some(&newest) = installed.first() else {
        bail!(
            "PostgreSQL {OLDEST} or newer is not installed. On Debian or Ubuntu: apt-get install \
             postgresql postgresql-postgis. Or give a database in DATABASE_URL. / 未安装 PostgreSQL \
             {OLDEST} 或更新版本：请执行 apt-get install postgresql postgresql-postgis，或设置 \
             DATABASE_URL。"
        );
    };
    let found = installed.iter().find_map(|version| with_postgis(libraries, shares, *version));
    found.with_context(|| no_postgis(newest))
}

fn no_postgis(version: u32) -> String {
    format!(
        "PostGIS is not installed for PostgreSQL {version}. On Debian or Ubuntu: apt-get install \
         postgresql-{version}-postgis-3. / 未安装 PostgreSQL {version} 的 PostGIS：请执行 apt-get \
         install postgresql-{version}-postgis-3。"
    )
}

fn with_postgis(libraries: &Path, shares: &Path, version: u32) -> Option<Programs> {
    let control = shares.join(version.to_string()).join("extension/postgis.control");
    let bin = libraries.join(version.to_string()).join("bin");
    control.exists().then_some(Programs { bin })
}

/// Installed versions that are new enough, newest first.
fn versions(libraries: &Path) -> Vec<u32> {
    let entries = std::fs::read_dir(libraries).into_iter().flatten().flatten();
    let mut versions: Vec<u32> = entries
        .filter(|entry| entry.path().join("bin/initdb").exists())
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|version| *version >= OLDEST)
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A machine with these versions installed, and PostGIS for some of them.
    fn machine(versions: &[u32], postgis: &[u32]) -> tempfile::TempDir {
        let machine = tempfile::tempdir().unwrap();
        for version in versions {
            let bin = machine.path().join(format!("lib/{version}/bin"));
            fs::create_dir_all(&bin).unwrap();
            fs::write(bin.join("initdb"), "").unwrap();
        }
        for version in postgis {
            let share = machine.path().join(format!("share/{version}/extension"));
            fs::create_dir_all(&share).unwrap();
            fs::write(share.join("postgis.control"), "").unwrap();
        }
        machine
    }

    fn chosen(machine: &tempfile::TempDir, wanted: Option<u32>) -> Result<String, String> {
        let (libraries, shares) = (machine.path().join("lib"), machine.path().join("share"));
        match choose(&libraries, &shares, wanted) {
            Ok(programs) => {
                let bin = programs.bin.strip_prefix(&libraries).unwrap().to_owned();
                Ok(bin.display().to_string())
            }
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_new_cluster_takes_the_newest_version_that_has_postgis() {
        let machine = machine(&[13, 14, 16, 17], &[13, 14, 16]);
        assert_eq!(chosen(&machine, None), Ok("16/bin".into()));
    }

    #[test]
    fn a_cluster_keeps_the_version_that_made_it() {
        let machine = machine(&[15, 17], &[15, 17]);
        assert_eq!(chosen(&machine, Some(15)), Ok("15/bin".into()));
        let told = chosen(&machine, Some(16)).unwrap_err();
        assert!(told.contains("apt-get install postgresql-16 postgresql-16-postgis-3"), "{told}");
    }

    #[test]
    fn what_is_missing_is_named_with_its_package_in_both_languages() {
        let told = chosen(&machine(&[], &[]), None).unwrap_err();
        assert!(told.contains("apt-get install postgresql postgresql-postgis"), "{told}");
        assert!(told.contains("未安装 PostgreSQL"), "{told}");
        let told = chosen(&machine(&[17], &[]), None).unwrap_err();
        assert!(told.contains("apt-get install postgresql-17-postgis-3"), "{told}");
        assert!(told.contains("未安装 PostgreSQL 17 的 PostGIS"), "{told}");
    }
}
