//! Names as faces: initials and a hue, the same for the same person everywhere.

use uuid::Uuid;
use wire::{agent::Person, visitor::Face};

/// The face of a member of staff.
pub fn face(name: &str, id: Uuid) -> Face {
    Face { name: name.to_owned(), initials: initials(name), hue: hue(id) }
}

/// A visitor as staff see them.
pub fn person(name: &str, email: &str, phone: &str, id: Uuid) -> Person {
    let shown = if name.is_empty() { email } else { name };
    let (name, email, phone) = (name.to_owned(), email.to_owned(), phone.to_owned());
    Person { name, email, phone, initials: initials(shown), hue: hue(id) }
}

/// The first letters of the first and the last word; `V` for nobody in particular.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    let letters: String = first.into_iter().chain(last).flat_map(char::to_uppercase).take(2).collect();
    if letters.is_empty() { "V".to_owned() } else { letters }
}

/// A hue from the random end of the id (its beginning is the time, alike for people made together).
fn hue(id: Uuid) -> u16 {
    let bytes = id.as_bytes();
    u16::from_be_bytes([bytes[14], bytes[15]]) % 360
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_all_sorts_of_names() {
        let cases =
            [("Lena S.", "LS"), ("Aki", "A"), ("ana maría lópez", "AL"), ("", "V"), ("  (x) ", "X"), ("ßeta", "SS")];
        for (name, expected) in cases {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
