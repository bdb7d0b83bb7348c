//! The data files as shipped, in the program and in the browser; a city may replace each.

/// The working hours: `data/calendars/hours.csv`, for [`super::Hours::parse`].
pub const HOURS: &str = include_str!("../../../data/calendars/hours.csv");

/// The default limits: `data/limits/limits.csv`, for [`super::Limits::parse`].
pub const LIMITS: &str = include_str!("../../../data/limits/limits.csv");

/// The years published: `data/calendars/2013.csv` and so on, for [`super::Year::parse`].
pub const CALENDARS: &[&str] = &[
    include_str!("../../../data/calendars/2013.csv"),
    include_str!("../../../data/calendars/2014.csv"),
    include_str!("../../../data/calendars/2015.csv"),
    include_str!("../../../data/calendars/2016.csv"),
    include_str!("../../../data/calendars/2017.csv"),
    include_str!("../../../data/calendars/2018.csv"),
    include_str!("../../../data/calendars/2019.csv"),
    include_str!("../../../data/calendars/2020.csv"),
    include_str!("../../../data/calendars/2021.csv"),
    include_str!("../../../data/calendars/2022.csv"),
    include_str!("../../../data/calendars/2023.csv"),
    include_str!("../../../data/calendars/2024.csv"),
    include_str!("../../../data/calendars/2025.csv"),
    include_str!("../../../data/calendars/2026.csv"),
];
