//! `wangge grids import`: a boundary file becomes an edition.

use super::drawing::{Drawing, Given, problem};
use super::files::{self, Contents, Feature};
use super::publish;
use crate::config::Config;
use crate::console::Console;
use crate::db::Db;
use anyhow::{Context, bail};
use domain::grids::ProblemKind;
use domain::word::Word;
use serde_json::{Value, json};
use spatial::build::Drawn;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What can be done with grids.
#[derive(Debug, clap::Subcommand)]
pub enum Grids {
    /// Publishes an edition from a boundary file (GeoJSON, a GeoJSON feature a line, zipped
    /// Shapefile, GeoPackage).
    Import(Import),
}

impl Grids {
    /// Does it.
    ///
    /// # Errors
    /// With a sentence for the person at the terminal.
    pub async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        match self {
            Self::Import(import) => import.run(config, console).await,
        }
    }
}

/// The file and the meaning of its fields.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The file with the polygons of level-3 cells.
    file: PathBuf,
    /// The field with each cell's code. A polygon without one gets `no-code-NUMBER`; polygons with
    /// the same code become one cell; both are listed as problems.
    #[arg(long, value_name = "FIELD")]
    code: String,
    /// The field with each cell's name; the code if left out.
    #[arg(long, value_name = "FIELD")]
    name: Option<String>,
    /// The field with the code of the level-2 cell above; given twice, the second is the field
    /// with the code of the level-1 cell. Left out, codes of 15 digits nest by prefix (12 and 9
    /// digits), and other cells hang under one level-1 cell.
    #[arg(long, value_name = "FIELD")]
    parent: Vec<String>,
    /// The fields with the names of those, in the same order.
    #[arg(long, value_name = "FIELD")]
    parent_name: Vec<String>,
    /// A file whose polygons are the jurisdiction, which the cells then fill completely.
    #[arg(long, value_name = "FILE")]
    jurisdiction: Option<PathBuf>,
    /// The coordinates' reference system, if the file does not say it or says it wrongly: wgs84,
    /// cgcs2000, gcj02, bd09, or an EPSG code.
    #[arg(long, visible_alias = "datum", value_name = "SYSTEM")]
    crs: Option<String>,
    /// The layer to read, where a file has several.
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
}

impl Import {
    async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        let begun = Instant::now();
        let db = Db::open(config).await?;
        let bar = console.progress(None, "读取 Reading");
        let file = self.file.display().to_string();
        let cut = tokio::task::spawn_blocking(move || {
            let drawing = self.drawing()?;
            bar.set_message("求交、成面 Building the partition");
            let cut = publish::cut(drawing);
            bar.finish_and_clear();
            if !cut.has_ground() {
                bail!("no polygon has any area; nothing was published / 没有任何有面积的多边形，未发布");
            }
            anyhow::Ok(cut)
        })
        .await??;
        let bar = console.progress(None, "写入 Writing");
        let mut client = db.client().await?;
        let published = publish::publish(&mut client, &cut)
            .await
            .context("the edition could not be written and nothing was published")?;
        bar.finish_and_clear();
        let seconds = (begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        let mut object = serde_json::to_value(&published)?;
        object["seconds"] = json!(seconds);
        let problems: Vec<String> = ProblemKind::ALL
            .iter()
            .filter_map(|kind| {
                let count = published.problems.get(kind.code()).filter(|count| **count > 0)?;
                Some(format!("\n  {:>7}  {} {}", count, kind.zh(), kind.en()))
            })
            .collect();
        let text = format!(
            "{file}：第 {} 版已发布 edition {} is published: {} 个网格 cells, {} 处空白地带 blank \
             zones, {seconds} s\n问题 Problems: {}{}",
            published.edition,
            published.edition,
            published.cells,
            published.blank_zones,
            published.problems.values().sum::<usize>(),
            problems.concat(),
        );
        console.answer(&object, text)
    }

    fn drawing(&self) -> anyhow::Result<Drawing> {
        let crs = self.crs.as_deref().map(files::parse_crs).transpose()?;
        let options =
            files::Options { crs, layer: self.layer.clone(), ..files::Options::default() };
        let Contents { features, problems, .. } = files::read_all(&self.file, &options)?;
        if features.is_empty() {
            let why = problems.first().map(|p| p.sentence().en).unwrap_or_default();
            bail!("{} holds no usable polygon. {why} / 没有可用的多边形", self.file.display());
        }
        let named = [&self.code].into_iter().chain(&self.name);
        let named = named.chain(&self.parent).chain(&self.parent_name);
        has_fields(&features, &named.map(String::as_str).collect::<Vec<_>>())?;
        let jurisdiction = match &self.jurisdiction {
            None => None,
            Some(path) => Some(jurisdiction(path, &options)?),
        };
        let given: Vec<Given> = features.into_iter().map(|f| self.given(f)).collect();
        let source = self.file.file_name().unwrap_or(self.file.as_os_str());
        let source = source.to_string_lossy().into_owned();
        let mut drawing = Drawing::of(source, given, jurisdiction);
        drawing.problems.extend(problems.iter().map(|found| {
            let both = found.sentence();
            let note = format!("{} / {}", both.zh, both.en);
            problem(ProblemKind::Unreadable, Vec::new(), &Drawn::default(), note)
        }));
        Ok(drawing)
    }

    fn given(&self, feature: Feature) -> Given {
        let value = |field: &str| text(feature.properties.get(field));
        let parent = |(i, field): (usize, &String)| {
            let name = self.parent_name.get(i).and_then(|field| value(field));
            value(field).map(|code| (code, name))
        };
        Given {
            number: feature.number as u64,
            code: value(&self.code),
            name: self.name.as_deref().and_then(value),
            parents: self.parent.iter().enumerate().map(parent).collect(),
            drawn: Drawn { parts: feature.parts },
        }
    }
}

fn jurisdiction(path: &Path, options: &files::Options) -> anyhow::Result<Drawn> {
    let Contents { features, problems, .. } = files::read_all(path, options)?;
    if let Some(found) = problems.first() {
        let both = found.sentence();
        bail!(
            "the jurisdiction {} must be flawless: {} / 辖区文件有误：{}",
            path.display(),
            both.en,
            both.zh
        );
    }
    Ok(Drawn { parts: features.into_iter().flat_map(|feature| feature.parts).collect() })
}

/// Refuses fields that no feature has, and says which there are.
fn has_fields(features: &[Feature], fields: &[&str]) -> anyhow::Result<()> {
    for field in fields {
        if !features.iter().any(|feature| feature.properties.contains_key(*field)) {
            let there: BTreeSet<&str> =
                features.iter().flat_map(|f| f.properties.keys()).map(String::as_str).collect();
            let there = there.into_iter().collect::<Vec<_>>().join(", ");
            bail!(
                "no feature has the field “{field}”; there are: {there} / 没有“{field}”字段，现有：{there}"
            );
        }
    }
    Ok(())
}

/// A property as text; nothing for null and blanks. Spaces around it are padding of old formats.
fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.trim().trim_matches('\0').trim().to_owned(),
        Value::Number(number) => match number.as_f64() {
            Some(figure) if figure.fract() == 0.0 && figure.abs() < 9e15 => {
                format!("{figure:.0}")
            }
            _ => number.to_string(),
        },
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}
