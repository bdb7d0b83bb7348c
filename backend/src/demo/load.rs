//! The demo district in the database: by the same ways as imports, each step once however often
//! and wherever a run was broken off.

use super::district::District;
use super::{roster, staff};
use crate::config::Config;
use crate::console::Console;
use crate::db::{Client, Db};
use crate::grids::drawing::{Drawing, Given};
use crate::grids::live::Live;
use crate::grids::{answer, publish, store as grids};
use crate::people::store::{self as people, NewPerson, NewPost};
use crate::people::{duties, password};
use crate::reports::store::{self as reports, NewReport, Stored};
use anyhow::{Context, bail};
use domain::grids::{BaseMap, BaseMapKind};
use domain::reports::{Category, NewReports};
use domain::{Both, Datum};
use jiff::Timestamp;
use spatial::Tolerances;
use spatial::build::Drawn;
use std::path::Path;
use std::sync::Arc;

/// What the source of a demo edition begins with.
const SOURCE: &str = "演示辖区 / demo district";
/// Reports in one statement.
const BATCH: usize = 1_000;

/// What a run did.
#[derive(Debug, serde::Serialize)]
pub struct Loaded {
    /// Whether everything was there before.
    pub already: bool,
    /// The edition of the demo district.
    pub edition: domain::ids::EditionId,
    /// Its cells on level 3.
    pub cells: i64,
    /// Its blank zones.
    pub blank_zones: i64,
    /// Problems listed when it was cut.
    pub problems: i64,
    /// People added in this run.
    pub people: usize,
    /// Reports stored in this run.
    pub stored: usize,
    /// Reports that were there before.
    pub stored_before: usize,
}

/// Loads districts into the database and writes the base map into the data folder.
///
/// # Errors
/// With a sentence: the database holds grids that are not the demo's, or did not answer.
pub async fn load(
    config: &Config,
    console: Console,
    districts: Arc<Vec<District>>,
) -> anyhow::Result<Loaded> {
    let db = Db::open(config).await?;
    let mut client = db.client().await?;
    let editions = grids::editions(&**client).await?;
    let demo = editions.iter().find(|e| e.source.starts_with(SOURCE)).cloned();
    if demo.is_none()
        && let Some(other) = editions.iter().find(|e| e.cells > 0)
    {
        bail!(
            "this database already has grids (edition {} from “{}”) and the demo must not mix with \
             them: use another --data-dir or DATABASE_URL / 数据库中已有其他网格，演示数据不得混入，\
             请另选 --data-dir 或 DATABASE_URL",
            other.id,
            other.source
        );
    }
    reports::add_categories(&**client, &categories()?).await?;
    let added = add_staff(&mut client, console, &districts).await?;
    if demo.is_none() {
        publish_cells(&mut client, console, Arc::clone(&districts)).await?;
    }
    let (stored, stored_before) = add_reports(&client, console, &districts).await?;
    if let Some(first) = districts.first() {
        write_base_map(&config.data_dir, first)?;
    }
    let editions = grids::editions(&**client).await?;
    let edition = editions
        .into_iter()
        .find(|e| e.source.starts_with(SOURCE))
        .context("the demo edition was not published")?;
    Ok(Loaded {
        already: demo.is_some() && added == 0 && stored == 0,
        edition: edition.id,
        cells: edition.cells,
        blank_zones: edition.blank_zones,
        problems: edition.problems,
        people: added,
        stored,
        stored_before,
    })
}

/// The categories shipped with the program.
fn categories() -> anyhow::Result<Vec<Category>> {
    let text = include_str!("../../../data/categories/categories.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        header.iter().position(|h| h == name).with_context(|| format!("no column {name}"))
    };
    let (code, zh, en) = (column("code")?, column("zh")?, column("en")?);
    let sensitive = column("sensitive")?;
    let mut categories = Vec::new();
    for row in reader.records() {
        let row = row?;
        categories.push(Category {
            code: row[code].to_owned(),
            name: Both::new(&row[zh], &row[en]),
            sensitive: &row[sensitive] == "yes",
        });
    }
    Ok(categories)
}

/// Adds units, people and posts in one transaction; nobody if the demo's log-ins are there.
async fn add_staff(
    client: &mut Client,
    console: Console,
    districts: &[District],
) -> anyhow::Result<usize> {
    let logins: Vec<&str> =
        districts.iter().flat_map(|d| &d.staff.people).filter_map(|p| p.login.as_deref()).collect();
    if let Some(login) = logins.first()
        && people::login(&***client, login).await?.is_some()
    {
        return Ok(0);
    }
    let password = staff::shipped().password;
    // One hash for all: the password is the same and no secret.
    let hash = tokio::task::spawn_blocking(move || password::hash(&password)).await?;
    let units: usize = districts.iter().map(|d| d.staff.units.len()).sum();
    let bar = console.progress(Some(units as u64), "单位与人员 Units and people");
    let transaction = client.transaction().await?;
    let mut added = 0;
    for district in districts {
        let mut ids = Vec::with_capacity(district.staff.units.len());
        for unit in &district.staff.units {
            ids.push(people::add_unit(&*transaction, &unit.name, unit.kind).await?);
            bar.inc(1);
        }
        let new: Vec<NewPerson> = district
            .staff
            .people
            .iter()
            .map(|person| NewPerson {
                name: person.name.clone(),
                role: person.role,
                unit: ids[person.unit],
                duty_desk: person.duty_desk,
                login: person.login.clone().map(|login| (login, hash.clone())),
            })
            .collect();
        let persons = people::add_people(&*transaction, &new).await?;
        added += persons.len();
        let posts: Vec<NewPost> = district
            .staff
            .people
            .iter()
            .zip(&persons)
            .flat_map(|(person, id)| person.posts.iter().map(move |post| (post, *id)))
            .map(|(post, person)| NewPost {
                person,
                level: post.level,
                cell: post.cell.clone(),
                role: post.role,
            })
            .collect();
        people::add_posts(&*transaction, &posts).await?;
        let (from, until) = roster::around(district.until);
        for held in roster::make(&district.staff.people, from, until) {
            let person = persons[held.person];
            duties::add(&*transaction, person, held.kind, &held.spans, None).await?;
        }
    }
    transaction.commit().await?;
    bar.finish_and_clear();
    Ok(added)
}

/// The district as the importer is given it.
pub fn drawing(districts: &[District]) -> Drawing {
    let mut given = Vec::new();
    let mut jurisdiction = Drawn::default();
    for district in districts {
        for cell in &district.cells {
            let parent = staff::community_code(&cell.code);
            let name = district.communities.iter().find(|c| c.code == parent);
            given.push(Given {
                number: given.len() as u64 + 1,
                code: Some(cell.code.clone()),
                name: Some(cell.name.clone()),
                parents: vec![
                    Some((parent.to_owned(), name.map(|c| c.name.clone()))),
                    Some((district.code.clone(), Some(district.name.clone()))),
                ],
                drawn: Drawn { parts: vec![cell.rings.iter().map(|r| positions(r)).collect()] },
            });
        }
        jurisdiction.parts.push(vec![positions(&district.jurisdiction)]);
    }
    let name = districts.first().map_or("", |d| d.name.as_str());
    Drawing::of(format!("{SOURCE}：{name}"), given, Some(jurisdiction))
}

fn positions(ring: &[super::plane::P]) -> Vec<spatial::Position> {
    ring.iter().map(|point| point.position()).collect()
}

async fn publish_cells(
    client: &mut Client,
    console: Console,
    districts: Arc<Vec<District>>,
) -> anyhow::Result<()> {
    let bar = console.progress(None, "网格 Grids");
    let cut = tokio::task::spawn_blocking(move || publish::cut(drawing(&districts))).await?;
    publish::publish(client, &cut)
        .await
        .context("the edition could not be written and nothing was published")?;
    bar.finish_and_clear();
    Ok(())
}

/// Stores the reports, each with the cell it is given now; returns how many were new and how
/// many were there.
async fn add_reports(
    client: &Client,
    console: Console,
    districts: &[District],
) -> anyhow::Result<(usize, usize)> {
    let live = Live::load(client).await?;
    let all: usize = districts.iter().map(|d| d.reports.len()).sum();
    let bar = console.progress(Some(all as u64), "上报 Reports");
    let (mut stored, mut before) = (0, 0);
    for district in districts {
        for chunk in district.reports.chunks(BATCH) {
            let new = chunk
                .iter()
                .map(|report| new_report(&live, report))
                .collect::<anyhow::Result<Vec<NewReport>>>()?;
            let given: Vec<&NewReport> = new.iter().collect();
            for answer in reports::add_reports(client, &given).await? {
                match answer {
                    Stored::New(..) => stored += 1,
                    Stored::Already(_) => before += 1,
                }
            }
            bar.inc(chunk.len() as u64);
        }
    }
    bar.finish_and_clear();
    if stored > 0 {
        let news = NewReports { count: stored as u64, reports: Vec::new() };
        let payload = format!("reports {}", serde_json::to_string(&news)?);
        client.execute(reports::TELL, &[&payload]).await?;
    }
    Ok((stored, before))
}

fn new_report(live: &Live, report: &super::reports::Report) -> anyhow::Result<NewReport> {
    let found = live.locator.locate(report.at, &Tolerances::default());
    let cell = found.cell.and_then(|face| live.cell_of(face));
    Ok(NewReport {
        channel: report.channel,
        key: Some(report.key.clone()),
        category: Some(report.category.clone()),
        text: report.text.clone(),
        happened_at: Timestamp::from_second(report.happened_at_s)?,
        received_at: Some(Timestamp::from_second(report.received_at_s)?),
        datum: Datum::Cgcs2000,
        at: report.at,
        accuracy_m: report.accuracy_m,
        edition: live.edition.id,
        cell: cell.map(|cell| cell.row.code.clone()),
        basis: answer::basis(found.basis),
        distance_m: cell.and(found.distance_m).map(answer::centimetres),
        sensitive: false,
        photos: Vec::new(),
        personal: Vec::new(),
    })
}

/// Writes the base map where `wangge serve` looks for it; one somebody put there stays.
fn write_base_map(data_dir: &Path, district: &District) -> anyhow::Result<()> {
    let folder = data_dir.join("base-map");
    let description = folder.join("base-map.json");
    let ours = folder.join("demo.geojson");
    if description.exists() && !ours.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(&folder)?;
    std::fs::write(&ours, &district.base_map)?;
    if !description.exists() {
        let map = BaseMap {
            kind: BaseMapKind::Geojson,
            url: "/base-map/demo.geojson".to_owned(),
            datum: Datum::Cgcs2000,
            attribution: format!("{} · synthetic, invented", district.name),
            min_zoom: 0,
            max_zoom: 22,
        };
        std::fs::write(&description, serde_json::to_string_pretty(&map)?)?;
    }
    Ok(())
}
