use uuid::Uuid;

use super::*;

fn answers(pairs: &[(&str, &str)]) -> Answers {
    Answers(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
}

fn sales() -> QueueId {
    QueueId::from_uuid(Uuid::from_u128(7))
}

fn form() -> Form {
    let option = |label: &str, queue| FieldOption { label: label.into(), queue };
    let choice = Field {
        key: "topic".into(),
        label: "Topic".into(),
        required: true,
        options: vec![option("Order", Some(sales())), option("Other", None)],
        ..Field::of(FieldKind::Choice)
    };
    let consent = Field { key: "terms".into(), label: "I agree".into(), ..Field::of(FieldKind::Consent) };
    let mut form = Form::default();
    form.fields.splice(2..2, [Field::of(FieldKind::Phone), choice]);
    form.fields.push(consent);
    form
}

#[test]
fn only_the_question_is_needed_and_every_fault_is_named() {
    let filled = Form::default().check(&answers(&[("question", " Hi ")]), &[]);
    assert_eq!(filled.map(|filled| filled.question), Ok("Hi".into()));
    let name = "n".repeat(200);
    let wrong = Form::default().check(&answers(&[("name", &name), ("email", "no")]), &[]);
    let fields: Vec<_> = wrong.err().into_iter().flatten().map(|(field, _)| field).collect();
    assert_eq!(fields, ["name", "email", "question"]);
}

#[test]
fn answers_are_kept_with_the_words_they_were_asked_in() {
    let raw =
        answers(&[("question", "Hi"), ("phone", "+49 30 1234567"), ("topic", "Order"), ("terms", YES), ("other", "x")]);
    let filled = form().check(&raw, &[]).expect("all is right");
    assert_eq!((filled.queue, filled.phone.as_str()), (Some(sales()), "+49 30 1234567"));
    let kept: Vec<_> = filled.answers.iter().map(|answer| (answer.label.as_str(), answer.value.as_str())).collect();
    assert_eq!(kept, [("", "+49 30 1234567"), ("Topic", "Order"), ("I agree", "yes")]);
}

#[test]
fn a_choice_is_one_of_its_options_and_a_consent_is_given() {
    let wrong = form().check(&answers(&[("question", "Hi"), ("topic", "Weather"), ("terms", "no")]), &[]);
    let expected = [("topic", FieldProblem::Unknown), ("terms", FieldProblem::Missing)];
    assert_eq!(wrong, Err(expected.map(|(field, problem)| (field.to_owned(), problem)).into()));
}

#[test]
fn who_is_known_is_asked_only_for_the_question_and_to_agree() {
    assert!(form().check(&answers(&[("question", "Hi"), ("terms", YES)]), &FieldKind::ALL).is_ok());
    let wrong = form().check(&answers(&[("question", "Hi")]), &FieldKind::ALL);
    assert_eq!(wrong, Err(vec![("terms".to_owned(), FieldProblem::Missing)]), "what was agreed to may have changed");
    let wrong = form().check(&answers(&[("topic", "Weather"), ("terms", YES)]), &FieldKind::ALL);
    assert_eq!(wrong.err().map(|wrong| wrong.len()), Some(2), "what is said has to be right all the same");
}

#[test]
fn a_form_that_cannot_be_asked_is_told_by_its_fields() {
    assert_eq!(form().faults(), []);
    assert_eq!(Form { fields: Vec::new() }.faults(), [(0, FieldPart::Key, FieldProblem::Missing)]);
    let mut wrong = form();
    wrong.fields[3].options.truncate(1);
    wrong.fields[5].label.clear();
    wrong.fields[5].url = "javascript:alert(1)".into();
    wrong.fields.push(Field { key: "Name".into(), ..Field::of(FieldKind::Name) });
    let faults = [
        (3, FieldPart::Options, FieldProblem::Missing),
        (5, FieldPart::Label, FieldProblem::Missing),
        (5, FieldPart::Url, FieldProblem::Unknown),
        (6, FieldPart::Key, FieldProblem::Twice),
        (6, FieldPart::Key, FieldProblem::Unknown),
    ];
    assert_eq!(wrong.faults(), faults);
}

#[test]
fn on_the_wire_answers_are_an_object() {
    let given = answers(&[("name", "Lena"), ("question", "Hi")]);
    let json = serde_json::to_string(&given).expect("texts");
    assert_eq!(json, r#"{"name":"Lena","question":"Hi"}"#);
    assert_eq!(serde_json::from_str::<Answers>(&json).expect("what was written"), given);
    assert!(serde_json::from_str::<Answers>(r#"{"name":1}"#).is_err());
}
