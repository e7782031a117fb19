//! Smaller files for the same pictures.

use std::{cmp::Reverse, collections::HashMap, io::Cursor};

use png::{
    BitDepth, ColorType, Compression, Decoder, DecodingError, Encoder, EncodingError, Filter,
};

/// Why a picture could not be written anew.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompactError {
    #[error("Chromium's picture cannot be read: {0}")]
    Read(#[from] DecodingError),
    #[error("the picture cannot be written: {0}")]
    Write(#[from] EncodingError),
    #[error(
        "Chromium's picture has pixels of the form {0:?}: expected eight bits each of red, green, blue and perhaps alpha"
    )]
    Form(ColorType),
}

/// As many colours have a number of one byte.
const COLOURS: usize = 256;

type Colour = [u8; 3];

/// The picture with its 256 most frequent colours: a page has few, and the rest are edges of letters, which take the nearest.
///
/// A window has no holes, so that its alpha is left out.
pub(crate) fn compact(picture: &[u8]) -> Result<Vec<u8>, CompactError> {
    let mut reader = Decoder::new(Cursor::new(picture)).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let info = reader.next_frame(&mut pixels)?;
    pixels.truncate(info.buffer_size());
    let pixels: Vec<Colour> = match info.color_type {
        ColorType::Rgba => {
            let (pixels, _) = pixels.as_chunks::<4>();
            pixels
                .iter()
                .map(|&[red, green, blue, _]| [red, green, blue])
                .collect()
        }
        ColorType::Rgb => pixels.as_chunks::<3>().0.to_vec(),
        other => return Err(CompactError::Form(other)),
    };

    let (palette, numbers) = numbered(&pixels);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, info.width, info.height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(Compression::High);
    // What helps with colours does not with their numbers: neighbours in the palette are not alike.
    encoder.set_filter(Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&numbers)?;
    writer.finish()?;
    Ok(file)
}

/// The most frequent colours, and for each pixel the number of the one that is nearest to its own.
fn numbered(pixels: &[Colour]) -> (Vec<Colour>, Vec<u8>) {
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for &pixel in pixels {
        *counts.entry(pixel).or_default() += 1;
    }
    let mut palette: Vec<Colour> = counts.keys().copied().collect();
    palette.sort_by_key(|colour| (Reverse(counts[colour]), *colour));
    palette.truncate(COLOURS);
    let distance = |one: Colour, other: Colour| {
        let channels = one.into_iter().zip(other);
        channels
            .map(|(one, other)| u32::from(one.abs_diff(other)).pow(2))
            .sum::<u32>()
    };
    let nearest = |colour: Colour| {
        let places = (0..=u8::MAX).zip(&palette);
        let nearest = places.min_by_key(|(_, other)| distance(colour, **other));
        nearest.map_or(0, |(number, _)| number)
    };
    let numbers: HashMap<Colour, u8> = counts
        .keys()
        .map(|&colour| (colour, nearest(colour)))
        .collect();
    let pixels = pixels.iter().map(|pixel| numbers[pixel]).collect();
    (palette, pixels)
}

#[cfg(test)]
mod tests {
    use png::Transformations;

    use super::*;

    fn picture(colour: ColorType, pixels: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 2, 1);
        encoder.set_color(colour);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(pixels).unwrap();
        writer.finish().unwrap();
        file
    }

    #[test]
    fn the_colours_stay() {
        let compacted = compact(&picture(ColorType::Rgba, &[1, 2, 3, 255, 4, 5, 6, 255])).unwrap();
        let mut decoder = Decoder::new(Cursor::new(compacted));
        decoder.set_transformations(Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = [0; 6];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels, [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn of_too_many_colours_the_rare_ones_take_the_nearest() {
        let mut pixels: Vec<Colour> = (0..=255).map(|grey| [grey; 3]).collect();
        pixels.extend(pixels.clone());
        pixels.push([7, 7, 8]);
        let (palette, numbers) = numbered(&pixels);
        assert_eq!(palette.len(), COLOURS);
        let shown: Vec<Colour> = numbers
            .iter()
            .map(|&number| palette[usize::from(number)])
            .collect();
        assert_eq!(shown[..512], pixels[..512]);
        assert_eq!(shown[512], [7; 3]);
    }

    #[test]
    fn what_is_no_picture_is_an_error() {
        assert!(compact(b"no picture").is_err());
        assert!(compact(&picture(ColorType::Grayscale, &[1, 2])).is_err());
    }
}
