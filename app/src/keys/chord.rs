//! What a key means, by what is held with it and where it is pressed.

/// A key as the browser tells it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Press<'a> {
    /// What it writes.
    pub key: &'a str,
    /// Where it lies on the keyboard.
    pub code: &'a str,
    pub alt: bool,
    pub shift: bool,
    /// Ctrl, or Cmd on a Mac.
    pub command: bool,
}

/// Where it is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing there takes letters.
    Page,
    /// A list or a menu, or an empty field: letters mean something there.
    Field,
    /// A field in which something is being written.
    Text,
    /// A question above everything.
    Dialog,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    Palette,
    Help,
    /// A letter with Alt and Shift.
    Chord(char),
    /// A letter by itself.
    Letter(char),
}

/// `alone`: whether letters mean something without Alt and Shift; they can be switched off, for those whose software
/// types letters that they have spoken.
pub fn means(press: Press, place: Place, alone: bool) -> Option<Means> {
    let letter = letter(press);
    if press.command {
        let palette = letter == Some('k') && !press.alt && !press.shift && place != Place::Dialog;
        return palette.then_some(Means::Palette);
    }
    match (press.alt, press.shift) {
        // On a Mac, Option and Shift write signs that some languages need: in the middle of a text they stay what they are.
        (true, true) => {
            let writes = place == Place::Text && !press.key.is_ascii();
            letter.filter(|_| !writes).map(Means::Chord)
        }
        (false, _) if place != Place::Page || !alone => None,
        (false, _) if press.key == "?" => Some(Means::Help),
        (false, false) => letter.map(Means::Letter),
        (true, false) | (false, true) => None,
    }
}

/// The letter or digit that is meant: what the key writes; where that is none, what lies there on a keyboard with Latin
/// letters.
fn letter(press: Press) -> Option<char> {
    let single = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|c| c.is_ascii_alphanumeric() && chars.next().is_none()).map(|c| c.to_ascii_lowercase())
    };
    single(press.key).or_else(|| {
        // What writes another sign without help is that sign: `?` is no digit.
        if press.key.is_ascii() && !(press.alt && press.shift) {
            return None;
        }
        press.code.strip_prefix("Key").or_else(|| press.code.strip_prefix("Digit")).and_then(single)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Press = Press { key: "", code: "", alt: false, shift: false, command: false };

    #[test]
    fn letters_mean_something_only_where_nothing_is_typed() {
        let n = Press { key: "n", code: "KeyN", ..NONE };
        assert_eq!(means(n, Place::Page, true), Some(Means::Letter('n')));
        for place in [Place::Field, Place::Text, Place::Dialog] {
            assert_eq!(means(n, place, true), None, "{place:?}");
        }
        assert_eq!(means(n, Place::Page, false), None, "switched off");
        let help = Press { key: "?", code: "Slash", shift: true, ..NONE };
        assert_eq!(means(help, Place::Page, true), Some(Means::Help));
        assert_eq!((means(help, Place::Field, true), means(help, Place::Page, false)), (None, None));
        assert_eq!(means(Press { key: "N", shift: true, ..n }, Place::Page, true), None);
        assert_eq!(means(Press { key: "Enter", code: "Enter", ..NONE }, Place::Page, true), None);
    }

    #[test]
    fn with_alt_and_shift_they_do_everywhere() {
        let chord = Press { key: "H", code: "KeyH", alt: true, shift: true, ..NONE };
        for place in [Place::Page, Place::Field, Place::Text, Place::Dialog] {
            assert_eq!(means(chord, place, false), Some(Means::Chord('h')), "{place:?}");
        }
        assert_eq!(means(Press { shift: false, ..chord }, Place::Page, true), None, "the browser's");
        assert_eq!(means(Press { command: true, ..chord }, Place::Page, true), None, "the browser's");
        let digit = Press { key: "!", code: "Digit1", ..chord };
        assert_eq!(means(digit, Place::Page, true), Some(Means::Chord('1')));
    }

    #[test]
    fn what_a_mac_writes_with_option_is_written() {
        let polish = Press { key: "Ł", code: "KeyL", alt: true, shift: true, ..NONE };
        assert_eq!(means(polish, Place::Text, true), None);
        assert_eq!(means(polish, Place::Field, true), Some(Means::Chord('l')), "nothing is being written yet");
    }

    #[test]
    fn keyboards_of_other_scripts_have_the_same_keys() {
        let russian = Press { key: "т", code: "KeyN", ..NONE };
        assert_eq!(means(russian, Place::Page, true), Some(Means::Letter('n')));
        let dvorak = Press { key: "n", code: "KeyL", ..NONE };
        assert_eq!(means(dvorak, Place::Page, true), Some(Means::Letter('n')), "what is written on the key counts");
        let comma = Press { key: ",", code: "KeyW", ..NONE };
        assert_eq!(means(comma, Place::Page, true), None);
    }

    #[test]
    fn the_palette_opens_from_everywhere_but_a_question() {
        let palette = Press { key: "k", code: "KeyK", command: true, ..NONE };
        for place in [Place::Page, Place::Field, Place::Text] {
            assert_eq!(means(palette, place, false), Some(Means::Palette));
        }
        assert_eq!(means(palette, Place::Dialog, true), None);
        assert_eq!(means(Press { shift: true, ..palette }, Place::Page, true), None, "the browser's console");
        assert_eq!(means(Press { key: "л", ..palette }, Place::Text, true), Some(Means::Palette));
    }
}
