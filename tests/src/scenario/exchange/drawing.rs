//! Pictures drawn point by point, in whole numbers, so that they are the same everywhere: PNG files, not compressed, so that
//! their rows come one after the other in the chunks that carry them.

use serde::Deserialize;

/// Points are looked at so many times each way, and the mean is taken.
const FINE: i64 = 4;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Drawing {
    /// A sailing boat before the setting sun, 96 by 96 points.
    Sunset,
    /// The same, 24 by 24 points, as a preview.
    Thumbnail,
    /// A face that smiles, 19 by 19 points.
    Smile,
}

/// Red, green, blue.
type Colour = [i64; 3];

impl Drawing {
    /// The picture as a PNG file.
    #[must_use]
    pub fn png(self) -> Vec<u8> {
        let (side, colour): (i64, fn(i64, i64) -> Colour) = match self {
            Self::Sunset => (96, sunset),
            Self::Thumbnail => (24, |x, y| sunset(x * 4, y * 4)),
            Self::Smile => (19, smile),
        };
        let mut rows = Vec::new();
        for y in 0..side {
            // Every row says that it is not filtered.
            rows.push(0);
            for x in 0..side {
                rows.extend(mean(x, y, colour));
            }
        }
        png(side, &rows)
    }
}

fn mean(x: i64, y: i64, colour: fn(i64, i64) -> Colour) -> [u8; 3] {
    let mut sum = [0; 3];
    for (down, right) in (0..FINE).flat_map(|down| (0..FINE).map(move |right| (down, right))) {
        for (sum, part) in sum.iter_mut().zip(colour(x * FINE + right, y * FINE + down)) {
            *sum += part;
        }
    }
    sum.map(|sum| u8::try_from(sum / (FINE * FINE)).unwrap_or(u8::MAX))
}

/// `at` parts of `of` from one colour to another.
fn between(one: Colour, other: Colour, at: i64, of: i64) -> Colour {
    let at = at.clamp(0, of);
    let [a, b, c] = one;
    let [d, e, f] = other;
    [a + (d - a) * at / of, b + (e - b) * at / of, c + (f - c) * at / of]
}

/// In quarters of points, as all that follows.
fn sunset(x: i64, y: i64) -> Colour {
    const SEA: i64 = 248;
    const SUN: (i64, i64) = (236, 226);
    if boat(x, y) {
        return [38, 24, 46];
    }
    if y < SEA {
        let [dusk, rose, gold] = [[38, 44, 98], [222, 104, 104], [255, 202, 120]];
        let sky = if y < 150 { between(dusk, rose, y, 150) } else { between(rose, gold, y - 150, SEA - 150) };
        let far = distance(x, y, SUN);
        if far < 52 * 52 {
            return between([255, 252, 214], [255, 236, 150], far, 52 * 52);
        }
        let glow = between([255, 224, 150], sky, far - 52 * 52, 120 * 120);
        return if hill(x, y) { between(glow, [92, 62, 104], 3, 4) } else { glow };
    }
    let depth = y - SEA;
    let water = between([196, 112, 110], [22, 34, 72], depth, 384 - SEA);
    // The sun's light lies on the waves, in strips that grow with their nearness.
    let wave = (depth / 8 * 37 + depth * depth / 60) % 23;
    let wide = 44 + depth / 3 + (wave - 11) * 3;
    let lit = (x - SUN.0).abs() < wide && (depth / 5) % 2 == 0;
    if lit { between([255, 226, 150], water, (x - SUN.0).abs(), wide.max(1)) } else { water }
}

/// Two hills at the horizon.
fn hill(x: i64, y: i64) -> bool {
    let left = 226 + (x - 40) * (x - 40) / 420;
    let right = 214 + (x - 372) * (x - 372) / 360;
    y > left || y > right
}

fn boat(x: i64, y: i64) -> bool {
    let hull = (270..288).contains(&y) && x > 82 + (y - 270) && x < 190 - (y - 270) * 3 / 2;
    let mast = (132..136).contains(&x) && (128..272).contains(&y);
    let main = (138..).contains(&x) && (138..262).contains(&y) && x - 138 < (y - 138) * 44 / 124;
    let fore = (..130).contains(&x) && (156..262).contains(&y) && 130 - x < (y - 156) * 38 / 106;
    hull || mast || main || fore
}

fn smile(x: i64, y: i64) -> Colour {
    let centre = (38, 38);
    let far = distance(x, y, centre);
    let eye = distance(x, (y - 28) * 2 / 3 + 28, (28, 28)) < 20 || distance(x, (y - 28) * 2 / 3 + 28, (48, 28)) < 20;
    let mouth = (330..470).contains(&far) && y > 44;
    match far {
        _ if eye || mouth => [96, 56, 16],
        ..1150 => between([255, 240, 120], [250, 196, 40], distance(x, y, (28, 26)), 1700),
        1150..1440 => [176, 116, 20],
        _ => [255, 255, 255],
    }
}

/// Its square.
const fn distance(x: i64, y: i64, from: (i64, i64)) -> i64 {
    (x - from.0) * (x - from.0) + (y - from.1) * (y - from.1)
}

fn png(side: i64, rows: &[u8]) -> Vec<u8> {
    let side = u32::try_from(side).unwrap_or(0).to_be_bytes();
    // Eight bits for each of red, green and blue.
    let head = [&side[..], &side, &[8, 2, 0, 0, 0]].concat();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(b"IHDR", head), (b"IDAT", stored(rows)), (b"IEND", Vec::new())] {
        out.extend_from_slice(&u32::try_from(body.len()).unwrap_or(0).to_be_bytes());
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(&body);
        out.extend_from_slice(kind);
        out.extend_from_slice(&body);
        out.extend_from_slice(&sum.sum().to_be_bytes());
    }
    out
}

/// Bytes in the form of zlib, in one block that is not compressed.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(0);
    let mut out = vec![0x78, 0x01, 0x01];
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(!length).to_le_bytes());
    out.extend_from_slice(bytes);
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    out.extend_from_slice(&(high << 16 | low).to_be_bytes());
    out
}
