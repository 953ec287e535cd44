//! The site's colour, mended where text on it or in it could not be read (WCAG 2.2: 1.4.3 and 1.4.11).

/// The least contrast of text with what is behind it.
const TEXT: f64 = 4.5;
/// Repairs aim a little higher, so that rounding to whole steps stays on the right side.
const AIM: f64 = 4.55;
/// White text is kept if darkening the colour a little makes it readable; brighter colours than this take dark text.
const NEARLY: f64 = 2.6;

const WHITE: Rgb = Rgb { r: 255, g: 255, b: 255 };
/// Text on bright colours.
const INK: Rgb = Rgb { r: 19, g: 22, b: 32 };
/// The panel's surface in the dark theme (`--surface` of the tokens).
const DARK_SURFACE: Rgb = Rgb { r: 22, g: 25, b: 32 };
/// Where nothing usable is set.
const DEFAULT: Rgb = Rgb { r: 0x00, g: 0x7a, b: 0x68 };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb {
    pub r: u8,
    pub g: u8,
    pub b: u8,
}

/// A colour to build with, and what goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brand {
    /// The site's colour, or the nearest one to it on which text can be read.
    pub fill: Rgb,
    /// Text and icons on `fill`; at least 4.5:1.
    pub on_fill: Rgb,
    /// The colour as text and outline on the light surface; at least 4.5:1.
    pub on_light: Rgb,
    /// The same on the dark surface.
    pub on_dark: Rgb,
}

impl Brand {
    /// From `#rgb` or `#rrggbb`; anything else is the default green.
    pub fn from_hex(hex: &str) -> Self {
        Self::from_rgb(Rgb::from_hex(hex).unwrap_or(DEFAULT))
    }

    pub fn from_rgb(wanted: Rgb) -> Self {
        let white = wanted.contrast(WHITE);
        let (fill, on_fill) = if white >= TEXT {
            (wanted, WHITE)
        } else if white >= NEARLY {
            (wanted.until(Rgb { r: 0, g: 0, b: 0 }, |fill| fill.contrast(WHITE) >= AIM), WHITE)
        } else {
            (wanted.until(WHITE, |fill| fill.contrast(INK) >= AIM), INK)
        };
        let on_light = wanted.until(Rgb { r: 0, g: 0, b: 0 }, |text| text.contrast(WHITE) >= AIM);
        let on_dark = wanted.until(WHITE, |text| text.contrast(DARK_SURFACE) >= AIM);
        Self { fill, on_fill, on_light, on_dark }
    }
}

impl Rgb {
    pub fn from_hex(hex: &str) -> Option<Self> {
        let digits = hex.trim().strip_prefix('#')?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, r, g, b] = number.to_be_bytes();
        match digits.len() {
            6 => Some(Self { r, g, b }),
            3 => Some(Self { r: (g & 15) * 17, g: (b >> 4) * 17, b: (b & 15) * 17 }),
            _ => None,
        }
    }

    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }

    /// The WCAG contrast ratio, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }

    /// Goes towards `end` in small steps until it is good; the end itself always is.
    fn until(self, end: Self, good: impl Fn(Self) -> bool) -> Self {
        (0..=100).map(|step| self.mix(end, step)).find(|&mixed| good(mixed)).unwrap_or(end)
    }

    fn mix(self, end: Self, percent: u16) -> Self {
        let channel = |from: u8, to: u8| {
            let mixed = (u16::from(from) * (100 - percent) + u16::from(to) * percent) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self { r: channel(self.r, end.r), g: channel(self.g, end.g), b: channel(self.b, end.b) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_readable_colour_is_left_alone() {
        let brand = Brand::from_hex("#007A68");
        assert_eq!((brand.fill.hex().as_str(), brand.on_fill), ("#007a68", WHITE));
        assert_eq!(Brand::from_hex("#fe0").on_fill, INK);
        assert_eq!(Brand::from_hex("no colour"), Brand::from_rgb(DEFAULT));
        assert_eq!(Rgb::from_hex("#a1f"), Some(Rgb { r: 0xaa, g: 0x11, b: 0xff }));
        for bad in ["", "#", "#12", "#12345", "#1234567", "#+12345", "123456", "#ä12"] {
            assert_eq!(Rgb::from_hex(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_contrast_of_wcag() {
        assert!((WHITE.contrast(Rgb { r: 0, g: 0, b: 0 }) - 21.0).abs() < 1e-9);
        assert!((Rgb { r: 0x76, g: 0x76, b: 0x76 }.contrast(WHITE) - 4.54).abs() < 0.01);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn any_colour_can_be_read(r: u8, g: u8, b: u8) {
            let brand = Brand::from_rgb(Rgb { r, g, b });
            prop_assert!(brand.fill.contrast(brand.on_fill) >= TEXT);
            prop_assert!(brand.on_light.contrast(WHITE) >= TEXT);
            prop_assert!(brand.on_dark.contrast(DARK_SURFACE) >= TEXT);
        }
    }
}
