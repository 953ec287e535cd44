//! Numbers that are known by their form.

use std::ops::Range;

/// Most digits of an international telephone number (E.164).
const TELEPHONE: usize = 15;

/// Digits in a row.
#[derive(Debug, Clone)]
struct Run {
    place: Range<usize>,
    /// What stands between the run before and this one, when it is a single separator.
    joined: Option<char>,
    /// A plus stands before it.
    plus: bool,
}

/// Payment cards, alone or in groups parted by one blank, dash or dot each: leftmost first, then longest.
pub fn cards(text: &str, most: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for chain in chains(&runs(text)) {
        let count: usize = chain.iter().map(|run| run.place.len()).sum();
        if chain[0].plus && count <= TELEPHONE {
            continue;
        }
        let mut from = 0;
        while from < chain.len() && found.len() < most {
            let mut digits = Vec::with_capacity(19);
            let mut end = None;
            for (at, run) in chain.iter().enumerate().skip(from) {
                digits.extend(text[run.place.clone()].bytes().map(|digit| digit - b'0'));
                if digits.len() > 19 {
                    break;
                }
                if is_card(&digits) {
                    end = Some(at);
                }
            }
            if let Some(end) = end {
                found.push(chain[from].place.start..chain[end].place.end);
                from = end + 1;
            } else {
                from += 1;
            }
        }
    }
    found
}

/// The text with its payment cards' numbers gone but for their last four digits: `•••• 1111` (PRODUCT V18). That many may be
/// shown to anybody (PCI DSS 4.0, requirement 3.4.1). `None` when there is none in it.
pub fn mask_cards(text: &str) -> Option<String> {
    let found = cards(text, usize::MAX);
    if found.is_empty() {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for card in found {
        let digits: Vec<char> = text[card.clone()].chars().filter(char::is_ascii_digit).collect();
        masked.push_str(&text[at..card.start]);
        masked.push_str("•••• ");
        masked.extend(&digits[digits.len() - 4..]);
        at = card.end;
    }
    masked.push_str(&text[at..]);
    Some(masked)
}

/// `AAA-GG-SSSS` with dashes or blanks. Numbers that are never given out are none (area 000, 666 and 900 to 999, group 00,
/// serial 0000: Social Security Administration, "Randomization FAQs").
pub fn social_security(text: &str, most: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for chain in chains(&runs(text)) {
        let [area, group, serial] = chain else { continue };
        let digits = |run: &Run| &text[run.place.clone()];
        let written = matches!(group.joined, Some('-' | '\u{2010}' | '\u{2011}' | '\u{2013}' | ' ' | '\u{a0}'))
            && group.joined == serial.joined
            && !area.plus;
        let form = [area, group, serial].map(|run| run.place.len()) == [3, 2, 4];
        let given = !matches!(digits(area), "000" | "666")
            && !digits(area).starts_with('9')
            && digits(group) != "00"
            && digits(serial) != "0000";
        if written && form && given && found.len() < most {
            found.push(area.place.start..serial.place.end);
        }
    }
    found
}

/// Whether these digits are a payment card's: length and first digit as the networks give them out (13: Visa; 14:
/// Diners; 15: American Express, JCB; 16 to 19 all others), and the checksum of ISO/IEC 7812.
pub fn is_card(digits: &[u8]) -> bool {
    let known = match (digits.len(), digits.first()) {
        (13, Some(4)) | (14, Some(3)) | (15, Some(1..=3)) => true,
        (16..=19, Some(first)) => matches!(first, 2..=6 | 8..=9),
        _ => false,
    };
    known && luhn(digits)
}

/// The checksum: from the right every second digit doubled, the sum of all digits a multiple of ten.
pub fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => 2 * digit - 9,
            (_, digit) => 2 * digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|start| at + start) {
        let length = text[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - start);
        let between = runs.last().map(|last| &text[last.place.end..start]);
        let joined = between.and_then(|between| {
            let mut chars = between.chars();
            chars.next().filter(|c| separates(*c) && chars.next().is_none())
        });
        runs.push(Run { place: start..start + length, joined, plus: text[..start].ends_with('+') });
        at = start + length;
    }
    runs
}

/// Runs that may be one number.
fn chains(runs: &[Run]) -> impl Iterator<Item = &[Run]> {
    runs.chunk_by(|_, next| next.joined.is_some())
}

fn separates(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2010}' | '\u{2011}' | '\u{2013}')
}
