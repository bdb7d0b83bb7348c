//! `wangge demo`: the demo district, as files or in the database.

use super::district::{self, District, REPORTS, UNTIL};
use super::load::Loaded;
use super::{files, load, staff};
use crate::config::Config;
use crate::console::Console;
use domain::word::Word;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

/// Loads the demo district: a synthetic town with its staff and a year of reports. A second run
/// adds nothing. Never run it where real reports are kept: its log-ins have a known password.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Writes the district as files into this folder and touches no database: cells.geojson,
    /// jurisdiction.geojson, basemap.geojson, staff.json, reports.csv, known.json.
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,

    /// The last day of the year of reports.
    #[arg(long, value_name = "DATE", default_value_t = UNTIL)]
    until: Date,

    /// At least so many cells, for load tests: copies of the district are set side by side.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=300_000))]
    cells: u32,

    /// How many reports the year has.
    #[arg(long, value_name = "NUMBER", default_value_t = REPORTS)]
    reports: usize,
}

impl Demo {
    /// Makes the district.
    ///
    /// # Errors
    /// With a sentence, when files cannot be written or the database does not take it.
    pub async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        let Self { write, until, cells, reports } = self;
        let bar = console.progress(None, "画图 Drawing the town");
        let make = move || district::make_many(cells as usize, until, reports);
        let districts = Arc::new(tokio::task::spawn_blocking(make).await?);
        bar.finish_and_clear();
        if let Some(folder) = write {
            let files = files::write(&districts, &folder)?;
            let text = format!("已写入 Written to {}: {}", folder.display(), files.join(", "));
            let counts = counts(&districts);
            let object = json!({ "folder": folder, "files": files, "counts": counts });
            return console.answer(&object, text);
        }
        let loaded = load::load(config, console, Arc::clone(&districts)).await?;
        let password = staff::shipped().password;
        let mut object = serde_json::to_value(&loaded)?;
        object["log_ins"] = log_ins(&districts);
        object["password"] = json!(password);
        console.answer(&object, told(&loaded, &districts, &password))
    }
}

fn counts(districts: &[District]) -> Value {
    let sum = |count: fn(&District) -> usize| districts.iter().map(count).sum::<usize>();
    json!({
        "communities": sum(|d| d.communities.len()),
        "cells": sum(|d| d.cells.len()),
        "strips": sum(|d| d.blanks.len()),
        "people": sum(|d| d.staff.people.len()),
        "reports": sum(|d| d.reports.len()),
    })
}

fn log_ins(districts: &[District]) -> Value {
    let people = districts.iter().flat_map(|d| &d.staff.people);
    let known = people.filter_map(|person| {
        let login = person.login.as_ref()?;
        Some(json!({ "login": login, "role": person.role.code(), "name": person.name }))
    });
    Value::Array(known.collect())
}

fn told(loaded: &Loaded, districts: &[District], password: &str) -> String {
    let Loaded { already, edition, cells, blank_zones, problems, people, stored, stored_before } =
        loaded;
    let done = if *already { "已存在 is there already" } else { "已就绪 is ready" };
    let name = districts.first().map_or("", |d| d.name.as_str());
    let mut text = format!(
        "{name}：演示辖区{done}\n  第 {edition} 版 edition {edition}: {cells} 个网格 cells, \
         {blank_zones} 处空白地带 blank zones, {problems} 个问题 problems\n  \
         新增人员 people added {people}，新增上报 reports added {stored}，已有 there before \
         {stored_before}\n  一切均为虚构 everything in it is invented (synthetic)\n\n\
         登录 Log-ins (密码 password: {password})\n"
    );
    for person in districts.iter().flat_map(|d| &d.staff.people) {
        if let Some(login) = &person.login {
            let (zh, en) = (person.role.zh(), person.role.en());
            text.push_str(&format!("  {login:<14} {} · {zh} {en}\n", person.name));
        }
    }
    text.push_str("\n启动服务 Start the service: wangge serve  →  http://127.0.0.1:8080");
    text
}
