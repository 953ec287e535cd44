//! The small picture of a picture.

use std::{fs::File, io::BufReader, path::Path};

use domain::Media;
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder, metadata::Orientation,
};
use media::Facts;

/// Larger pictures get none (DECISIONS: Images).
const MOST_PIXELS: u64 = 40_000_000;

/// What decoding may take: 40 megapixels at four bytes, and what a progressive JPEG needs beside it.
const MOST_BYTES: u64 = 640 * 1024 * 1024;

/// Pixels of the longer side: twice what is shown, for dense screens.
const SIDE: u32 = 640;
const QUALITY: u8 = 82;

/// Takes long and much memory: not for the runtime's own threads. `None` for what is too large or cannot be decoded.
pub fn make(path: &Path, media: Media, facts: Facts) -> Option<(Media, Vec<u8>)> {
    let (width, height) = facts.size?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return None;
    }
    match draw(path, media, facts.orientation) {
        Ok(made) => Some(made),
        Err(cause) => {
            tracing::debug!(%cause, "no small picture");
            None
        }
    }
}

fn draw(path: &Path, media: Media, orientation: u8) -> Result<(Media, Vec<u8>), image::ImageError> {
    let format = match media {
        Media::Png => ImageFormat::Png,
        Media::Gif => ImageFormat::Gif,
        Media::Webp => ImageFormat::WebP,
        _ => ImageFormat::Jpeg,
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    let mut reader = ImageReader::with_format(BufReader::new(File::open(path)?), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    decoder.set_limits(limits)?;
    let picture = DynamicImage::from_decoder(decoder)?;
    let mut small = if picture.width().max(picture.height()) > SIDE { picture.thumbnail(SIDE, SIDE) } else { picture };
    small.apply_orientation(Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms));
    let mut bytes = Vec::new();
    if small.color().has_alpha() && transparent(&small) {
        small.to_rgba8().write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png)?;
        return Ok((Media::Png, bytes));
    }
    small.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
    Ok((Media::Jpeg, bytes))
}

/// Many pictures could be transparent and are not.
fn transparent(picture: &DynamicImage) -> bool {
    picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255)
}
