use super::*;

#[test]
fn amounts_are_read_as_people_write_them() {
    for (text, value) in [
        ("12", Some(1_200)),
        ("12.5", Some(1_250)),
        ("1.234,50", Some(123_450)),
        ("1,234.50", Some(123_450)),
        ("1.234", Some(123_400)),
        ("1 234,05", Some(123_405)),
        ("12’345.60", Some(1_234_560)),
        ("1,234,567", Some(123_456_700)),
        ("0", Some(0)),
        ("", None),
        ("-5", None),
        ("five", None),
        (",50", None),
        ("1.2.3", None),
        ("1..2", None),
        ("12.", None),
        ("٣", None),
        ("99999999999999999999", None),
    ] {
        assert_eq!(amount(text, 2), value, "{text:?}");
    }
    assert_eq!(amount_text(123_405, 2), "1234.05");
    assert_eq!(amount(&amount_text(123_405, 2), 2), Some(123_405));
}

#[test]
fn amounts_follow_their_currency() {
    assert_eq!((amount("1.234", 0), amount("12.50", 0), amount("1,5", 3)), (Some(1_234), None, Some(1_500)));
    assert_eq!((amount_text(1_234, 0), amount_text(1_500, 3)), ("1234".to_owned(), "1.500".to_owned()));
}

#[test]
fn tags_are_kept_once_and_in_order() {
    let tags = ["  Refund ", "billing", "refund", "", "A\u{202e}b"].map(str::to_owned).to_vec();
    let kept = Classification { tags, ..Classification::default() }.checked().expect("fine");
    assert_eq!(kept.tags[1..], ["billing".to_owned(), "Refund".to_owned()]);
    let many = (0..21).map(|n| n.to_string()).collect();
    let wrong = Classification { tags: many, ..Classification::default() }.checked();
    assert_eq!(wrong, Err(vec![FieldError { field: "tags", problem: FieldProblem::TooLong }]));
}

#[test]
fn a_value_needs_a_currency_that_there_is() {
    let worth = |value, currency: &str| {
        Classification { value, currency: currency.into(), ..Classification::default() }.checked()
    };
    assert_eq!(worth(Some(5), "eur").map(|kept| kept.currency), Ok("EUR".to_owned()));
    assert_eq!(worth(None, "EUR").map(|kept| kept.currency), Ok(String::new()));
    for (value, currency, field) in [
        (Some(5), "Euro", "currency"),
        (Some(5), "XQX", "currency"),
        (Some(5), "", "currency"),
        (Some(-1), "EUR", "value"),
        (Some(MOST_VALUE + 1), "EUR", "value"),
    ] {
        let wrong = worth(value, currency).map_err(|wrong| wrong.iter().map(|one| one.field).collect::<Vec<_>>());
        assert_eq!(wrong, Err(vec![field]), "{value:?} {currency}");
    }
}

fn noted(tags: &[&str], value: Option<i64>, notes: &str) -> Classification {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    let currency = if value.is_some() { "EUR".to_owned() } else { String::new() };
    Classification { qualified: None, tags, value, currency, notes: notes.to_owned() }
}

#[test]
fn two_who_note_different_things_keep_both() {
    let base = noted(&["boots", "refund"], None, "first");
    let mine = noted(&["boots", "Size"], None, "first");
    let theirs = noted(&["boots", "delivery", "refund", "size"], Some(500), "second");
    let both = noted(&["boots", "delivery", "size"], Some(500), "second");
    assert_eq!(Classification::merged(&base, &mine, &theirs), Some(both));
    assert_eq!(Classification::merged(&base, &base, &theirs), Some(theirs.clone()));
    assert_eq!(Classification::merged(&base, &theirs, &base), Some(theirs.clone()));
    assert_eq!(Classification::merged(&base, &theirs, &theirs), Some(theirs));
}

#[test]
fn two_who_note_the_same_thing_differently_have_to_choose() {
    let base = noted(&[], None, "first");
    let clash = |mine, theirs| Classification::merged(&base, &mine, &theirs).is_none();
    assert!(clash(noted(&[], None, "mine"), noted(&[], None, "theirs")));
    assert!(clash(noted(&[], Some(1), "first"), noted(&[], Some(2), "first")));
    let said = |qualified| Classification { qualified: Some(qualified), ..base.clone() };
    assert!(clash(said(true), said(false)));
    assert!(!clash(said(true), noted(&["a"], Some(1), "theirs")));
}
