//! How well what is typed fits what is meant.

/// The smaller the better; `None` where a word fits nowhere. Every word has to fit: at the beginning, at the beginning of a
/// word, somewhere, or, where `loose`, letter by letter with others in between ("tfr" for "transfer").
pub fn fit(typed: &str, text: &str, loose: bool) -> Option<u32> {
    let text = text.to_lowercase();
    let one = |word: &str| {
        let begins = |part: &str| part.starts_with(word);
        if begins(&text) {
            Some(0)
        } else if text.split(|c: char| !c.is_alphanumeric()).any(begins) {
            Some(1)
        } else if text.contains(word) {
            Some(2)
        } else {
            (loose && scattered(word, &text)).then_some(4)
        }
    };
    typed.to_lowercase().split_whitespace().map(one).sum()
}

/// Whether the letters come in this order, the first one at the beginning of a word.
fn scattered(word: &str, text: &str) -> bool {
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return true };
    let begins = |(at, c): &(usize, char)| {
        *c == first && text[..*at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
    };
    text.char_indices().filter(begins).any(|(at, c)| {
        let mut rest = text[at + c.len_utf8()..].chars();
        letters.clone().all(|letter| rest.any(|c| c == letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closer_the_better() {
        let loose = |typed, text| fit(typed, text, true);
        assert_eq!(loose("", "Transfer…"), Some(0));
        assert_eq!(loose("TRA", "Transfer…"), Some(0));
        assert_eq!(loose("col", "Add a colleague…"), Some(1));
        assert_eq!(loose("sfer", "Transfer…"), Some(2));
        assert_eq!(loose("tfr", "Transfer…"), Some(4));
        assert_eq!(loose("col add", "Add a colleague…"), Some(1));
        assert_eq!(loose("ld", "Lena Dahl"), Some(4));
        assert_eq!(loose("fr", "Transfer…"), None, "it begins in the middle of a word");
        assert_eq!(loose("end tra", "Transfer…"), None);
        assert_eq!(fit("tfr", "Transfer…", false), None);
        assert_eq!(loose("ö", "Größe"), Some(2));
        assert_eq!(loose("gß", "Größe"), Some(4));
    }
}
