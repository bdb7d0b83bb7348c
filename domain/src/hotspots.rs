//! Hotspots: places that stand out, statistically; no words here yet.
