use proptest::prelude::*;
use uuid::Uuid;

use super::{numbers::luhn, *};

fn rule(n: u128, pattern: GuardPattern) -> GuardRule {
    let id = GuardId::from_uuid(Uuid::from_u128(n));
    GuardRule { id, name: format!("Rule {n}"), reason: String::new(), pattern, on: true }
}

fn found(pattern: GuardPattern, text: &str) -> Vec<&str> {
    let hits = Guard::of([rule(1, pattern)]).check(text);
    hits.iter().map(|hit| &text[hit.from as usize..hit.to as usize]).collect()
}

fn words(words: &[&str]) -> GuardPattern {
    GuardPattern::Words(words.iter().map(|word| (*word).to_owned()).collect())
}

#[test]
fn words_are_whole_and_of_any_case() {
    let pattern = || words(&["refund", "money back", "money", "Straße", "c++"]);
    assert_eq!(found(pattern(), "A REFUND? refunds, prerefund; refund."), ["REFUND", "refund"]);
    assert_eq!(found(pattern(), "Money \n back and money"), ["Money \n back", "money"], "the longer one first");
    assert_eq!(found(pattern(), "die STRAßE, ΣΙΓΜΑ, straße"), ["STRAßE", "straße"]);
    assert_eq!(found(pattern(), "in C++!"), ["C++"]);
    assert_eq!(found(words(&["İstanbul"]), "İSTANBUL"), ["İSTANBUL"], "a letter whose small form is two");
}

#[test]
fn cards_are_found_alone_and_in_groups() {
    let text = "Visa 4111 1111 1111 1111, Amex 378282246310005, MC 5555-5555-5555-4444.";
    assert_eq!(found(GuardPattern::Card, text), ["4111 1111 1111 1111", "378282246310005", "5555-5555-5555-4444"]);
    assert_eq!(found(GuardPattern::Card, "my 12 4111111111111111"), ["4111111111111111"], "a number before it");
    assert_eq!(found(GuardPattern::Card, "4111111111111111 12/27 737"), ["4111111111111111"], "and one after it");
    for none in [
        "4111 1111 1111 1112",
        "0000 0000 0000 0000",
        "411111111111111",
        "41111111111111111111111111",
        "4111 1111\n1111 1111",
        "call +49 1512 3456786",
    ] {
        assert_eq!(found(GuardPattern::Card, none), Vec::<&str>::new(), "{none}");
    }
}

#[test]
fn social_security_numbers_are_those_that_are_given_out() {
    let text = "123-45-6789 or 219 09 9999, not 000-12-3456, 666-12-3456, 912-12-3456, 123-00-4567, 123-45-0000.";
    assert_eq!(found(GuardPattern::SocialSecurity, text), ["123-45-6789", "219 09 9999"]);
    for none in ["123-45 6789", "1123-45-6789", "123-45-67890", "123-45-6789-1", "123456789", "123.45.6789"] {
        assert_eq!(found(GuardPattern::SocialSecurity, none), Vec::<&str>::new(), "{none}");
    }
}

#[test]
fn own_expressions_find_what_they_say() {
    let pattern = GuardPattern::Expression(r"(?i)\bORD-\d{4,}\b".into());
    assert_eq!(found(pattern, "see ord-12345 and ORD-1"), ["ord-12345"]);
    let resting = GuardRule { on: false, ..rule(1, GuardPattern::Expression("a".into())) };
    assert_eq!(Guard::of([resting]).check("aaa"), []);
}

#[test]
fn a_rule_says_so_twenty_times_and_no_more() {
    assert_eq!(found(words(&["no"]), &"no ".repeat(500)).len(), 20);
}

#[test]
fn patterns_that_cannot_be_are_refused() {
    let expression = |source: &str| check_pattern(GuardPattern::Expression(source.to_owned()));
    assert_eq!(expression(" "), Err(FieldProblem::Missing));
    assert_eq!(expression(&"a".repeat(301)), Err(FieldProblem::TooLong));
    assert!(matches!(expression("a*"), Err(FieldProblem::At { fault: Fault::MatchesNothing, .. })));
    assert_eq!(check_pattern(words(&[" ", ""])), Err(FieldProblem::Missing));
    assert_eq!(check_pattern(words(&["x"; 201])), Err(FieldProblem::TooLong));
    assert_eq!(check_pattern(words(&["x".repeat(61).as_str()])), Err(FieldProblem::TooLong));
    assert_eq!(check_pattern(words(&["  to  be \n"])), Ok(words(&["to be"])));
    assert!(expression(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){3,7}[A-Z0-9]{0,3}\b").is_ok(), "a bank account");
}

#[cfg(feature = "places")]
#[test]
fn the_place_of_a_mistake_is_told() {
    let wrong = |source: &str| match check_expression(source) {
        Err(FieldProblem::At { from, to, fault }) => (source[from as usize..to as usize].to_owned(), fault),
        other => panic!("{source}: {other:?}"),
    };
    let is = |place: &str, fault| (place.to_owned(), fault);
    assert_eq!(wrong("ä(b"), is("(", Fault::Unclosed));
    assert_eq!(wrong("ab)c"), is(")", Fault::Unclosed));
    assert_eq!(wrong("a[b"), is("[", Fault::Unclosed));
    assert_eq!(wrong("x|*y"), is("*", Fault::NothingToRepeat));
    assert_eq!(wrong(r"a\yb"), is(r"\y", Fault::UnknownEscape));
    assert_eq!(wrong("[z-a]"), is("z-a", Fault::BadRange));
    assert_eq!(wrong("a(?=b)"), is("(?=", Fault::Unsupported));
    assert_eq!(wrong(r"ab\p{L}+"), is(r"\p{L}", Fault::Unsupported));
    assert_eq!(wrong("a{100}{100}{100}").1, Fault::TooLarge);
    assert_eq!(wrong("x?"), is("x?", Fault::MatchesNothing));
    assert!(check_expression("a+").is_ok());
}

/// Not a figure but a bound: the worst kind of expression, on the longest text, would take hours if anything here were
/// unbounded.
#[test]
fn the_worst_expression_on_the_longest_text_ends() {
    for source in [".*[^A-Z]|[A-Z]", "(?:a+)+b|a", "(?:[a-z]{1,40}){1,5}0|[A-Z]"] {
        let pattern = check_pattern(GuardPattern::Expression(source.into())).expect("a pattern");
        let guard = Guard::of([rule(1, pattern)]);
        for text in ["A".repeat(MAX_BYTES), "a".repeat(MAX_BYTES), "ä".repeat(MAX_BYTES)] {
            assert!(guard.check(&text).len() <= MOST_HITS);
        }
    }
}

/// A number of this many digits whose last one makes the checksum right.
fn with_checksum(mut digits: Vec<u8>) -> String {
    digits.push(0);
    let last = digits.len() - 1;
    digits[last] = (0..10).find(|digit| luhn(&[&digits[..last], &[*digit]].concat())).expect("one of ten");
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

proptest! {
    #[test]
    fn every_card_is_found_however_it_is_grouped(
        first in prop::sample::select(vec![2u8, 3, 4, 5, 6]),
        rest in prop::collection::vec(0u8..10, 14..=17),
        cuts in prop::collection::vec(1usize..16, 0..4),
        separator in prop::sample::select(vec![' ', '-', '.', '\u{a0}']),
        around in ("[a-zü ]{0,8}", "[a-zü ]{0,8}"),
    ) {
        let number = with_checksum([vec![first], rest].concat());
        let mut written = number.clone();
        let mut cuts = cuts;
        cuts.sort_unstable();
        cuts.dedup();
        for cut in cuts.into_iter().rev() {
            written.insert(cut, separator);
        }
        let text = format!("{}: {written}; {}", around.0, around.1);
        prop_assert_eq!(found(GuardPattern::Card, &text), [written.as_str()]);
    }

    #[test]
    fn one_digit_changed_and_it_is_no_card(rest in prop::collection::vec(0u8..10, 14), at in 1usize..16, by in 1u8..10) {
        let mut digits: Vec<u8> = with_checksum([vec![4u8], rest].concat()).bytes().map(|digit| digit - b'0').collect();
        prop_assert!(luhn(&digits));
        digits[at] = (digits[at] + by) % 10;
        prop_assert!(!luhn(&digits), "the checksum finds every single mistake");
    }

    #[test]
    fn places_are_whole_characters_in_order_within_the_text(
        text in "([a-zA-Zäßİ0-9 .\\-\n\u{1F600}\u{301}]|refund|4111 1111 1111 1111|123-45-6789){0,60}"
    ) {
        let patterns = [
            words(&["refund", "ä", "a b"]),
            GuardPattern::Card,
            GuardPattern::SocialSecurity,
            GuardPattern::Expression("[a-zä]+|.".into()),
        ];
        let guard = Guard::of(patterns.into_iter().zip(1..).map(|(pattern, n)| rule(n, pattern)));
        let hits = guard.check(&text);
        for hit in &hits {
            let place = text.get(hit.from as usize..hit.to as usize);
            prop_assert!(place.is_some_and(|place| !place.is_empty()), "{:?} in {:?}", hit, text);
        }
        prop_assert!(hits.is_sorted_by_key(|hit| (hit.from, hit.to)));
        // The same text, the same answer: browser and server agree.
        prop_assert_eq!(hits, guard.check(&text));
    }
}

#[test]
fn masked_cards_keep_their_last_four_digits() {
    let masked = |text: &str| mask_cards(text);
    assert_eq!(
        masked("Visa 4111 1111 1111 1111, Amex 378282246310005!").as_deref(),
        Some("Visa •••• 1111, Amex •••• 0005!")
    );
    assert_eq!(masked("my 12 4111111111111111 12/27").as_deref(), Some("my 12 •••• 1111 12/27"));
    for none in ["", "4111 1111 1111 1112", "call +49 1512 3456786", "order 20261122"] {
        assert_eq!(masked(none), None, "{none}");
    }
    // Whatever stands around them: none is left.
    let many = "4111-1111-1111-1111 ".repeat(500);
    let masked = mask_cards(&many).expect("cards");
    assert_eq!(numbers::cards(&masked, 1), []);
}
