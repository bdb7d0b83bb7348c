//! Photos: sent first, then named in a report or in a step of its ticket.
//!
//! What is kept is a picture drawn anew: upright, without a word of what its file said about place,
//! time or device. Where it was taken is used once, for the distance from the report's place.

use crate::ids::ReportId;
use crate::refusal::{Kind, Refusal};
use crate::words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where a photo is sent to: the bytes of a JPEG, PNG or WebP file, whatever their name and stated
/// type. The answer is a [`SentPhoto`].
pub const SEND_PHOTO: &str = "/api/photos";
/// Where whoever may see its report or ticket gets a photo.
pub const PHOTO: &str = "/api/photos/{photo}";
/// The same, small enough for a list.
pub const SMALL_PHOTO: &str = "/api/photos/{photo}/small";

/// The largest file taken, in bytes.
pub const PHOTO_MAX_BYTES: usize = 10 << 20;
/// The most pixels a photo may have.
pub const PHOTO_MAX_PIXELS: u64 = 50_500_000;
/// The longest edge of what is kept, in pixels; what is larger is made smaller.
pub const PHOTO_EDGE: u32 = 2_560;
/// The longest edge of the small one.
pub const SMALL_PHOTO_EDGE: u32 = 320;
/// The most photos that one report or one step has.
pub const PHOTOS_MAX: usize = 20;
/// How long a photo waits for the report or step that names it; then it is deleted.
pub const PHOTO_WAITS_HOURS: i64 = 6;
/// A photo taken farther from the report's place than this was taken elsewhere. Not less: some
/// telephones write the shifted datum of their maps, which lies up to 700 m off.
pub const PHOTO_FAR_M: f64 = 1_000.0;

/// The number of a photo: 32 hexadecimal digits that nobody can guess. Whoever sent it is told it.
#[derive(
    Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct PhotoId(pub String);

impl PhotoId {
    /// Whether it is written as such numbers are.
    pub fn is_lawful(&self) -> bool {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        self.0.len() == 32 && self.0.bytes().all(digit)
    }

    /// Checks the photos named in one report or step.
    ///
    /// # Errors
    /// Invalid: too many, one twice, or what is no number of a photo.
    pub fn check_all(photos: &[Self]) -> Result<(), Refusal> {
        let distinct = photos.iter().collect::<BTreeSet<_>>().len() == photos.len();
        if photos.len() <= PHOTOS_MAX && distinct && photos.iter().all(Self::is_lawful) {
            return Ok(());
        }
        Err(Refusal::new(
            Kind::Invalid,
            format!("照片最多 {PHOTOS_MAX} 张，每张列一次，写发送照片时得到的编号。"),
            format!(
                "At most {PHOTOS_MAX} photos, each once, by the numbers told when they were sent."
            ),
        )
        .at("photos"))
    }

    /// The refusal of numbers under which no photo waits.
    pub fn not_waiting() -> Refusal {
        Refusal::new(
            Kind::Invalid,
            format!(
                "所列照片中有找不到的、已过期的（发送后 {PHOTO_WAITS_HOURS} 小时内有效）或已用过的，\
                 请重新发送照片后再提交。"
            ),
            format!(
                "One of the photos is not there, has waited longer than {PHOTO_WAITS_HOURS} hours \
                 or was used before: send the photo again, then this."
            ),
        )
        .at("photos")
    }
}

impl std::fmt::Display for PhotoId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The answer to a photo that was sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SentPhoto {
    /// Its number, to be named in a report or a step.
    pub photo: PhotoId,
    /// Its width in pixels, as kept.
    pub width: u32,
    /// Its height in pixels, as kept.
    pub height: u32,
    /// Whether its file said where it was taken.
    pub placed: bool,
    /// Until when it waits to be named.
    pub waits_until: Timestamp,
}

words! {
    /// Which side of the work a photo shows.
    PhotoMoment {
        Before = "before", "处置前", "before";
        After = "after", "处置后", "after";
    }
}

/// A photo of a report or of a step with its ticket.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Photo {
    /// Which.
    pub photo: PhotoId,
    /// Before or after the work.
    pub moment: PhotoMoment,
    /// The report it came with; `None`: it came with a step.
    pub report: Option<ReportId>,
    /// The number of the step's event; `None`: it came with a report.
    pub seq: Option<i32>,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Metres from the report's place to where the file said that it was taken; `None`: it did not.
    pub distance_m: Option<f64>,
    /// Whether that is so far that it shows another place.
    pub far: bool,
}

/// Whether a photo taken so many metres off shows another place.
pub fn is_far(distance_m: Option<f64>) -> bool {
    distance_m.is_some_and(|metres| metres > PHOTO_FAR_M)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_32_hexadecimal_digits_each_named_once() {
        let photo = |digit: char| PhotoId(String::from(digit).repeat(32));
        assert_eq!(PhotoId::check_all(&[photo('0'), photo('f')]), Ok(()));
        assert_eq!(PhotoId::check_all(&[]), Ok(()));
        let many: Vec<PhotoId> = (0..=PHOTOS_MAX).map(|n| PhotoId(format!("{n:032x}"))).collect();
        assert_eq!(PhotoId::check_all(&many[1..]), Ok(()));
        for wrong in [
            vec![photo('F')],
            vec![PhotoId("../../../../etc/passwd0000000000".to_owned())],
            vec![PhotoId("a".repeat(31))],
            vec![photo('a'), photo('a')],
            many,
        ] {
            let refused = PhotoId::check_all(&wrong).expect_err("refused");
            assert_eq!(refused.field.as_deref(), Some("photos"));
        }
    }

    #[test]
    fn only_what_was_taken_beyond_the_shift_of_a_map_is_far() {
        assert!(!is_far(None) && !is_far(Some(700.0)) && is_far(Some(1_000.1)));
    }
}
