//! Files as cameras and mischief make them, and what must be left of them.

use std::path::Path;

/// What the files made here say of the camera, to be looked for afterwards.
pub const MAKE: &[u8] = b"Sneaky Camera No. 4711";

/// What a camera writes into its file: TIFF with its own name, how it was held, where it was.
pub fn exif(orientation: u16, place: Option<(f64, f64)>) -> Vec<u8> {
    let mut made = MAKE.to_vec();
    made.push(0);
    let entries: u16 = if place.is_some() { 3 } else { 2 };
    let after_first = 8 + 2 + u32::from(entries) * 12 + 4;
    let gps_at = after_first + made.len() as u32;
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(entries.to_le_bytes());
    entry(&mut tiff, 0x010f, 2, made.len() as u32, after_first);
    entry(&mut tiff, 0x0112, 3, 1, u32::from(orientation));
    if place.is_some() {
        entry(&mut tiff, 0x8825, 4, 1, gps_at);
    }
    tiff.extend([0; 4]);
    tiff.extend(&made);
    if let Some((lng, lat)) = place {
        let figures = gps_at + 2 + 4 * 12 + 4;
        let letter = |negative, yes, no| u32::from(if negative { yes } else { no });
        tiff.extend(4_u16.to_le_bytes());
        entry(&mut tiff, 1, 2, 2, letter(lat < 0.0, b'S', b'N'));
        entry(&mut tiff, 2, 5, 3, figures);
        entry(&mut tiff, 3, 2, 2, letter(lng < 0.0, b'W', b'E'));
        entry(&mut tiff, 4, 5, 3, figures + 24);
        tiff.extend([0; 4]);
        for figure in [lat.abs(), lng.abs()] {
            let minutes = figure.fract() * 60.0;
            let seconds = (minutes.fract() * 60.0 * 10_000.0).round() as u32;
            for (n, of) in [(figure as u32, 1), (minutes as u32, 1), (seconds, 10_000)] {
                tiff.extend(n.to_le_bytes());
                tiff.extend(u32::to_le_bytes(of));
            }
        }
    }
    tiff
}

fn entry(tiff: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32) {
    tiff.extend(tag.to_le_bytes());
    tiff.extend(kind.to_le_bytes());
    tiff.extend(count.to_le_bytes());
    tiff.extend(value.to_le_bytes());
}

/// A JPEG file with this inside, and with a comment and something after its end.
pub fn jpeg_saying(jpeg: &[u8], exif: &[u8]) -> Vec<u8> {
    let mut file = jpeg[..2].to_vec();
    let mut said = b"Exif\0\0".to_vec();
    said.extend(exif);
    for (marker, what) in [(0xe1, &said[..]), (0xfe, MAKE), (0xe2, MAKE)] {
        file.extend([0xff, marker]);
        file.extend((what.len() as u16 + 2).to_be_bytes());
        file.extend(what);
    }
    file.extend(&jpeg[2..]);
    file.extend(MAKE);
    file
}

/// A PNG file of these pixels that says the same.
pub fn png_saying(width: u16, height: u16, rgb: &[u8], exif: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width.into(), height.into());
    encoder.set_color(png::ColorType::Rgb);
    let text = String::from_utf8_lossy(MAKE).into_owned();
    encoder.add_text_chunk("Author".to_owned(), text.clone()).expect("a text");
    encoder.add_ztxt_chunk("Comment".to_owned(), text).expect("a text");
    let mut writer = encoder.write_header().expect("a header");
    writer.write_chunk(png::chunk::ChunkType(*b"eXIf"), exif).expect("a chunk");
    writer.write_image_data(rgb).expect("the pixels");
    writer.finish().expect("an end");
    file
}

/// A WebP file of these pixels that says the same.
pub fn webp_saying(width: u16, height: u16, rgb: &[u8], exif: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut file);
    encoder.set_exif_metadata(exif.to_vec());
    encoder.set_xmp_metadata(MAKE.to_vec());
    let kind = image_webp::ColorType::Rgb8;
    encoder.encode(rgb, width.into(), height.into(), kind).expect("a file");
    file
}

/// The segments of a JPEG file by their markers, from its start to its end.
///
/// # Panics
/// When it is none, or when anything stands after its end.
pub fn segments(file: &[u8]) -> Vec<u8> {
    assert_eq!(file[..2], [0xff, 0xd8], "it is a JPEG file");
    let (mut at, mut markers) = (2, Vec::new());
    loop {
        assert_eq!(file[at], 0xff, "a marker at {at}");
        let marker = file[at + 1];
        markers.push(marker);
        at += 2;
        if marker == 0xd9 {
            assert_eq!(at, file.len(), "nothing after the end");
            return markers;
        }
        at += usize::from(u16::from_be_bytes([file[at], file[at + 1]]));
        if marker == 0xda {
            while file[at] != 0xff || file[at + 1] == 0 {
                at += 1;
            }
        }
    }
}

/// Whether these bytes stand anywhere in a file.
pub fn says(file: &[u8], what: &[u8]) -> bool {
    file.windows(what.len()).any(|window| window == what)
}

/// Width, height, and the pixels of a JPEG file.
pub fn drawn(file: &[u8]) -> (usize, usize, Vec<u8>) {
    use zune_jpeg::zune_core::bytestream::ZCursor;
    let mut decoder = zune_jpeg::JpegDecoder::new(ZCursor::new(file));
    let pixels = decoder.decode().expect("it can be read");
    let (width, height) = decoder.dimensions().expect("it has a size");
    (width, height, pixels)
}

/// The files below a folder, by name.
pub fn files(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => names.extend(files(&path)),
            false => names.push(path.file_name().expect("a name").to_string_lossy().into_owned()),
        }
    }
    names.sort();
    names
}
