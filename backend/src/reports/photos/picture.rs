//! From the file that somebody sent to the picture that is kept: recognised by its content, drawn
//! anew, so that nothing of the file is left but what is seen. Pure: bytes in, bytes out.

use super::raster::Raster;
use super::said::{Said, said};
use super::scan;
use domain::reports::{PHOTO_EDGE, PHOTO_MAX_BYTES, PHOTO_MAX_PIXELS, SMALL_PHOTO_EDGE};
use domain::{Kind, Refusal};
use image_webp::WebPDecoder;
use std::io::Cursor;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// How good the kept picture is, of 100.
const QUALITY: u8 = 85;
/// How good the small one is.
const SMALL_QUALITY: u8 = 75;
/// Decoders may take so much memory beside the pixels themselves.
const SCRATCH_BYTES: usize = 64 << 20;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Jpeg,
    Png,
    Webp,
}

/// What is known of a file before its pixels are read.
#[derive(Clone, Debug)]
pub struct Looked {
    format: Format,
    width: usize,
    height: usize,
    /// What it says about itself.
    pub said: Said,
}

impl Looked {
    /// How many million pixels it has, rounded up.
    pub fn megapixels(&self) -> u32 {
        (self.width * self.height).div_ceil(1_000_000) as u32
    }
}

/// What is kept of a file.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The picture, a JPEG file.
    pub picture: Vec<u8>,
    /// The same, small.
    pub small: Vec<u8>,
    /// Width of the picture in pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// Recognises a file and sees whether it is whole, without making pixels of it: that costs little,
/// whatever it says of itself.
///
/// # Errors
/// - invalid: no JPEG, PNG or WebP file, or not a whole one;
/// - too large: more pixels than a photo may have.
pub fn look(file: &[u8]) -> Result<Looked, Refusal> {
    let format = format(file)?;
    let (width, height) = match format {
        Format::Jpeg => {
            let mut decoder = jpeg(file);
            decoder.decode_headers().map_err(|_| damaged())?;
            decoder.dimensions().ok_or_else(damaged)?
        }
        Format::Png => {
            let mut decoder = png::Decoder::new(Cursor::new(file));
            let info = decoder.read_header_info().map_err(|_| damaged())?;
            (info.width as usize, info.height as usize)
        }
        Format::Webp => {
            let decoder = WebPDecoder::new(Cursor::new(file)).map_err(|_| damaged())?;
            let (width, height) = decoder.dimensions();
            (width as usize, height as usize)
        }
    };
    if width == 0 || height == 0 {
        return Err(damaged());
    }
    if width as u64 * height as u64 > PHOTO_MAX_PIXELS {
        return Err(too_many_pixels(width, height));
    }
    if !is_whole(format, file) {
        return Err(damaged());
    }
    Ok(Looked { format, width, height, said: said(file) })
}

/// Draws what is kept of a file that was looked at. Takes long: not for threads that answer.
///
/// # Errors
/// Invalid: its pixels are not there, or not as many as it says.
pub fn draw(file: &[u8], looked: &Looked) -> Result<Drawn, Refusal> {
    let raster = match looked.format {
        Format::Jpeg => read_jpeg(file, looked),
        Format::Png => read_png(file, looked),
        Format::Webp => read_webp(file, looked),
    };
    let raster = raster.ok_or_else(damaged)?;
    let raster = raster.within(PHOTO_EDGE as usize).upright(looked.said.orientation);
    let small = raster.within(SMALL_PHOTO_EDGE as usize);
    Ok(Drawn {
        picture: raster.jpeg(QUALITY).map_err(|_| damaged())?,
        small: small.jpeg(SMALL_QUALITY).map_err(|_| damaged())?,
        width: raster.width as u32,
        height: raster.height as u32,
    })
}

fn jpeg(file: &[u8]) -> JpegDecoder<ZCursor<&[u8]>> {
    // Strict: a file with less in it than it says is refused, not filled up with grey.
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    JpegDecoder::new_with_options(ZCursor::new(file), options)
}

fn read_jpeg(file: &[u8], looked: &Looked) -> Option<Raster> {
    let rgb = jpeg(file).decode().ok()?;
    Raster::of(looked.width, looked.height, 3, rgb)
}

fn read_png(file: &[u8], looked: &Looked) -> Option<Raster> {
    let (width, height) = (looked.width, looked.height);
    let limits = png::Limits { bytes: width * height * 8 + SCRATCH_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut bytes).ok()?;
    bytes.truncate(frame.buffer_size());
    // To the last chunk: what ends before it has lost its end.
    reader.finish().ok()?;
    let whole = (frame.width as usize, frame.height as usize) == (width, height);
    whole.then(|| Raster::of(width, height, frame.color_type.samples(), bytes)).flatten()
}

fn read_webp(file: &[u8], looked: &Looked) -> Option<Raster> {
    let mut decoder = WebPDecoder::new(Cursor::new(file)).ok()?;
    decoder.set_memory_limit(looked.width * looked.height * 8 + SCRATCH_BYTES);
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut bytes = vec![0; decoder.output_buffer_size()?];
    decoder.read_image(&mut bytes).ok()?;
    Raster::of(looked.width, looked.height, channels, bytes)
}

/// What a file is by its first bytes: its name and its stated type say nothing.
fn format(file: &[u8]) -> Result<Format, Refusal> {
    let is = |at: usize, what: &[u8]| file.get(at..at + what.len()) == Some(what);
    if is(0, b"\xff\xd8\xff") {
        return Ok(Format::Jpeg);
    }
    if is(0, b"\x89PNG\r\n\x1a\n") {
        return Ok(Format::Png);
    }
    if is(0, b"RIFF") && is(8, b"WEBP") {
        return Ok(Format::Webp);
    }
    let heif = [&b"heic"[..], b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"];
    if is(4, b"ftyp") && heif.iter().any(|brand| is(8, brand)) {
        return Err(Refusal::new(
            Kind::Invalid,
            "这是 HEIC 格式的照片，暂不能处理。请在手机相机设置中选择“兼容性最佳”，或转为 JPEG \
             后再发送。",
            "This photo is a HEIC file, which cannot be read here. Set the camera to “Most \
             compatible” or send it as JPEG.",
        ));
    }
    Err(Refusal::new(
        Kind::Invalid,
        "发来的内容不是照片。请发送 JPEG、PNG 或 WebP 格式的照片。",
        "What was sent is not a photo. Send a JPEG, PNG or WebP file.",
    ))
}

/// Whether a file has an end, and all that it says. (Of a PNG file it is seen when it is read.)
fn is_whole(format: Format, file: &[u8]) -> bool {
    match format {
        Format::Jpeg => scan::is_whole(file),
        Format::Png => true,
        Format::Webp => {
            let stated = file.get(4..8).and_then(|bytes| bytes.try_into().ok());
            stated
                .is_some_and(|bytes| file.len() as u64 >= u64::from(u32::from_le_bytes(bytes)) + 8)
        }
    }
}

fn damaged() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "照片文件不完整或已损坏，请重新选择或重新拍摄后再发送。",
        "The photo's file is damaged or not whole: choose it again or take another one.",
    )
}

/// The refusal of a file that is too large.
pub fn too_large() -> Refusal {
    let most = PHOTO_MAX_BYTES >> 20;
    Refusal::new(
        Kind::TooLarge,
        format!("照片文件最大 {most} MB，请缩小后再发送。"),
        format!("A photo's file has at most {most} MB: make it smaller and send it again."),
    )
}

fn too_many_pixels(width: usize, height: usize) -> Refusal {
    let most = PHOTO_MAX_PIXELS / 1_000_000;
    Refusal::new(
        Kind::TooLarge,
        format!("照片最多 {most} 百万像素，此图为 {width}×{height}，请缩小后再发送。"),
        format!(
            "A photo has at most {most} million pixels, this one has {width}×{height}: make it \
             smaller and send it again."
        ),
    )
}
