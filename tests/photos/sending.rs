//! What is taken in and what is not, and what is left of a file.

use crate::made::{MAKE, drawn, exif, files, jpeg_saying, png_saying, says, segments, webp_saying};
use domain::Kind;
use domain::people::Role;
use domain::reports::{PHOTO_EDGE, PHOTO_MAX_BYTES, SMALL_PHOTO_EDGE};
use support::Service;
use support::photos::{jpeg, pixels};

async fn rows(service: &Service) -> i64 {
    let db = service.database.client().await;
    db.query_one("select count(*) from photos", &[]).await.expect("a row").get(0)
}

/// The files of the store, the whole pictures first.
fn stored(service: &Service) -> Vec<Vec<u8>> {
    let mut names = files(service.photos.path());
    names.sort_by_key(|name| name.contains("small"));
    let read = |name: &String| {
        let path = service.photos.path().join(&name[..2]).join(name);
        std::fs::read(path).expect("it can be read")
    };
    names.iter().map(read).collect()
}

#[tokio::test]
async fn whatever_a_file_says_of_camera_and_place_nothing_of_it_is_kept() {
    let (width, height) = (64, 48);
    let rgb = pixels(width, height, 1);
    let said = exif(1, Some((120.6, 31.25)));
    let plain = jpeg(width, height, 1);
    for file in [
        jpeg_saying(&plain, &said),
        png_saying(width, height, &rgb, &said),
        webp_saying(width, height, &rgb, &said),
    ] {
        assert!(says(&file, MAKE), "it was said");
        let service = Service::start().await;
        let sent = service.nobody().send_photo(file).await.expect("it is taken in");
        assert!(sent.placed && sent.photo.is_lawful(), "{sent:?}");
        assert_eq!((sent.width, sent.height), (64, 48));
        let stored = stored(&service);
        assert_eq!(stored.len(), 2, "a picture and a small one");
        for file in stored {
            // The frame of a JPEG file and nothing else: no Exif, no comment, no profile.
            let lawful = [0xe0, 0xdb, 0xc0, 0xc4, 0xda, 0xd9];
            let markers = segments(&file);
            assert!(markers.iter().all(|marker| lawful.contains(marker)), "{markers:x?}");
            assert!(!says(&file, MAKE) && !says(&file, b"Exif") && !says(&file, b"http"));
            let (.., got) = drawn(&file);
            let off = got.iter().zip(&rgb).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
            assert!(off / (rgb.len() as u64) < 8, "it shows the same: {off}");
        }
        service.finish().await;
    }
}

#[tokio::test]
async fn a_picture_stands_upright_however_the_camera_was_held() {
    let service = Service::start().await;
    let plain = jpeg(64, 48, 3);
    let file = jpeg_saying(&plain, &exif(6, None));
    let sent = service.nobody().send_photo(file).await.expect("it is taken in");
    assert_eq!((sent.width, sent.height, sent.placed), (48, 64, false));
    let (width, height, got) = drawn(&stored(&service)[0]);
    assert_eq!((width, height), (48, 64));
    // A quarter turn to the right: what was at the left bottom is at the left top.
    let (.., was) = drawn(&plain);
    let left_bottom = &was[47 * 64 * 3..][..3];
    assert!(got[..3].iter().zip(left_bottom).all(|(a, b)| a.abs_diff(*b) < 12));
    service.finish().await;
}

#[tokio::test]
async fn what_is_large_is_made_smaller_and_the_small_one_is_small() {
    let service = Service::start().await;
    let sent = service.nobody().send_photo(jpeg(2_700, 54, 1)).await.expect("it is taken in");
    assert_eq!((sent.width, sent.height), (PHOTO_EDGE, 51));
    let stored = stored(&service);
    let [whole, small] = [&stored[0], &stored[1]].map(|file| drawn(file));
    assert_eq!((whole.0, whole.1), (PHOTO_EDGE as usize, 51));
    assert_eq!((small.0, small.1), (SMALL_PHOTO_EDGE as usize, 6));
    service.finish().await;
}

#[tokio::test]
async fn the_same_photo_sent_twice_at_once_and_later_lies_there_once() {
    let service = Service::start().await;
    let nobody = service.nobody();
    let file = jpeg(64, 48, 1);
    // Said differently, seen alike.
    let other = jpeg_saying(&file, &exif(1, Some((120.6, 31.25))));
    let (one, two) = tokio::join!(nobody.send_photo(file.clone()), nobody.send_photo(other));
    let three = nobody.send_photo(file).await.expect("taken in").photo;
    let (one, two) = (one.expect("taken in").photo, two.expect("taken in").photo);
    assert!(one != two && two != three && one != three, "each has its own number");
    assert_eq!((files(service.photos.path()).len(), rows(&service).await), (2, 3));
    service.finish().await;
}

/// Files that are not what they say, or not whole.
fn lies() -> Vec<(&'static str, Vec<u8>)> {
    let (jpeg, rgb) = (jpeg(64, 48, 1), pixels(64, 48, 1));
    let png = png_saying(64, 48, &rgb, &exif(1, None));
    let webp = webp_saying(64, 48, &rgb, &exif(1, None));
    let mut lies = vec![
        ("nothing", Vec::new()),
        ("a page", b"<!doctype html><script>alert(1)</script>".to_vec()),
        ("a drawing with scripts", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        ("another kind of picture", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        ("a program", b"MZ\x90\0".repeat(100)),
        ("a start and nothing more", jpeg[..3].to_vec()),
        ("a page that begins like a photo", [&jpeg[..20], b"<html>hello</html>"].concat()),
        ("a photo of a telephone", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec()),
    ];
    for part in 1..10 {
        let cut = |file: &[u8]| file[..file.len() * part / 10].to_vec();
        lies.extend([("a JPEG cut", cut(&jpeg)), ("a PNG cut", cut(&png))]);
        lies.push(("a WebP cut", cut(&webp)));
    }
    for short in [1, 2, 12] {
        lies.push(("a JPEG without its end", jpeg[..jpeg.len() - short].to_vec()));
        lies.push(("a PNG without its end", png[..png.len() - short].to_vec()));
        lies.push(("a WebP without its end", webp[..webp.len() - short].to_vec()));
    }
    // The height it states stands five bytes after the marker of the frame.
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).expect("a frame");
    let mut tall = jpeg.clone();
    tall[frame + 5..frame + 7].copy_from_slice(&480_u16.to_be_bytes());
    lies.push(("a JPEG with fewer rows than it says", tall));
    let half = [&jpeg[..jpeg.len() - 100], &[0xff, 0xd9]].concat();
    lies.push(("a JPEG with an end put to a part of it", half));
    let mut spoilt = png.clone();
    let at = spoilt.windows(4).position(|four| four == b"IDAT").expect("pixels") + 20;
    spoilt[at] ^= 0x55;
    lies.push(("a PNG with a byte changed", spoilt));
    lies
}

#[tokio::test]
async fn what_is_no_photo_or_not_whole_is_refused_with_a_sentence_and_nothing_is_kept() {
    let service = Service::start().await;
    let member = service.signed_in(Role::Member).await;
    for (what, file) in lies() {
        let length = file.len();
        let Err(why) = member.send_photo(file).await else { panic!("{what} ({length}) is taken") };
        assert_eq!(why.kind, Kind::Invalid, "{what}: {why}");
        assert!(why.message.zh.chars().count() > 10 && why.message.en.len() > 30, "{what}: {why}");
    }
    assert_eq!((rows(&service).await, files(service.photos.path()).len()), (0, 0));
    service.finish().await;
}

#[tokio::test]
async fn a_few_bytes_that_would_fill_the_memory_are_refused_before_they_do() {
    let service = Service::start().await;
    let nobody = service.nobody();
    let mut jpeg = jpeg(64, 48, 1);
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).expect("a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    let mut png = png_saying(64, 48, &pixels(64, 48, 1), &exif(1, None));
    // Width and height, and the checksum over them.
    png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let mut crc = flate2::Crc::new();
    crc.update(&png[12..29]);
    png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    for (what, bomb) in [("JPEG", jpeg), ("PNG", png)] {
        let why = nobody.send_photo(bomb).await.expect_err("refused");
        assert_eq!(why.kind, Kind::TooLarge, "{what}: {why}");
        assert!(why.message.en.contains("million pixels"), "{what}: {why}");
    }
    // A hundred megabytes of text in a few kilobytes are not unpacked.
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 8, 8);
    encoder.set_color(png::ColorType::Rgb);
    encoder.add_ztxt_chunk("Comment".to_owned(), "a".repeat(100 << 20)).expect("a text");
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels(8, 8, 1)).expect("pixels");
    writer.finish().expect("an end");
    assert!(file.len() < 1 << 20, "{}", file.len());
    nobody.send_photo(file).await.expect("its picture is small");
    assert_eq!(rows(&service).await, 1);
    service.finish().await;
}

#[tokio::test]
async fn what_is_too_long_is_refused_whether_it_says_so_or_not() {
    let service = Service::start().await;
    let long = vec![0xff; PHOTO_MAX_BYTES + 1];
    let why = service.nobody().send_photo(long.clone()).await.expect_err("it says so");
    assert_eq!(why.kind, Kind::TooLarge, "{why}");
    let chunks = long.chunks(1 << 16).map(|part| Ok::<_, std::io::Error>(part.to_vec()));
    let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks.collect::<Vec<_>>()));
    let response = service.nobody().post("/api/photos").body(body).send().await;
    // The server may hang up on whoever keeps talking.
    if let Ok(response) = response {
        assert_eq!(response.status().as_u16(), 413);
    }
    assert_eq!(rows(&service).await, 0);
    service.nobody().send_photo(jpeg(64, 48, 1)).await.expect("the server lives");
    service.finish().await;
}

#[tokio::test]
async fn who_sends_without_end_is_asked_to_wait_and_nobody_else_is() {
    let service = Service::start().await;
    let nobody = service.nobody();
    let mut kinds = Vec::new();
    for _ in 0..70 {
        kinds.push(nobody.send_photo(b"no photo".to_vec()).await.expect_err("refused").kind);
    }
    assert_eq!(kinds[..60], [Kind::Invalid; 60]);
    assert!(kinds.contains(&Kind::TooMuch), "{kinds:?}");
    let member = service.signed_in(Role::Member).await;
    member.photographs(1).await;
    service.finish().await;
}
