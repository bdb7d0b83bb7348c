//! Pure geometry of Wangge: exact partitions of a district, who answers for a place, datums.
//!
//! Compiled to the server and to the browser. It knows no noun of the domain, does no IO, reads
//! no clock and never fails on bad geometry: it returns a result and a list of problems.

mod boxes;
pub mod build;
mod check;
pub mod datum;
pub mod exact;
pub mod hands;
pub mod locate;
pub mod metric;
pub mod oracle;
pub mod outline;
pub mod partition;
mod planar;
pub mod position;
pub mod projection;

pub use build::{Built, Claim, Drawn, Options, Problem, ProblemKind, Shape, build};
pub use datum::Datum;
pub use locate::{Basis, Located, Locator, Tolerances};
pub use partition::{Arc, ArcView, Broken, Face, FaceId, OwnerRule, Partition};
pub use position::{Position, Window};
