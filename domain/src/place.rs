//! A place as people and devices state it: a coordinate that never travels without its datum.

use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// The datums a coordinate arrives in.
    #[derive(Default)]
    Datum {
        #[default]
        Wgs84 = "wgs84", "WGS84（GPS）", "WGS 84 (GPS)";
        Cgcs2000 = "cgcs2000", "2000 国家大地坐标系", "CGCS2000";
        Gcj02 = "gcj02", "GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)";
        Bd09 = "bd09", "BD-09（百度）", "BD-09 (Baidu)";
    }
}

/// A coordinate in degrees with the datum it is in.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Place {
    /// Longitude in degrees, −180 to 180.
    pub lng: f64,
    /// Latitude in degrees, −90 to 90.
    pub lat: f64,
    /// The datum of both.
    #[serde(default)]
    pub datum: Datum,
}
