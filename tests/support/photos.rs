//! Photos for tests: pictures made here, and sent.

use crate::ask::Visitor;
use domain::Refusal;
use domain::reports::{PhotoId, SEND_PHOTO, SentPhoto};
use jpeg_encoder::{ColorType, Encoder};

/// Red, green and blue of a picture of stripes; each number gives another one.
pub fn pixels(width: u16, height: u16, number: u8) -> Vec<u8> {
    let pixel = |x: u16, y: u16| [(x / 8 * 31) as u8, (y / 8 * 17) as u8, number.wrapping_mul(41)];
    (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect()
}

/// The JPEG file of a picture.
pub fn jpeg(width: u16, height: u16, number: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = Encoder::new(&mut file, 90);
    let encoded = encoder.encode(&pixels(width, height, number), width, height, ColorType::Rgb);
    encoded.expect("a picture can be encoded");
    file
}

impl Visitor {
    /// Sends a file as a photo.
    ///
    /// # Errors
    /// The refusal.
    pub async fn send_photo(&self, file: impl Into<Vec<u8>>) -> Result<SentPhoto, Refusal> {
        let request = self.post(SEND_PHOTO).header("content-type", "image/jpeg");
        let response = request.body(file.into()).send().await.expect("the server answers");
        let status = response.status().as_u16();
        let body = response.bytes().await.expect("an answer");
        if status == 200 {
            return Ok(serde_json::from_slice(&body).expect("a photo that was sent"));
        }
        let refusal: Refusal = serde_json::from_slice(&body).expect("a refusal");
        assert_eq!(refusal.kind.status(), status, "{refusal}");
        Err(refusal)
    }

    /// Takes a photo, each number another one, and sends it.
    pub async fn photographs(&self, number: u8) -> PhotoId {
        self.send_photo(jpeg(64, 48, number)).await.expect("it is taken in").photo
    }
}
