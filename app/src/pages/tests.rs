use super::*;

#[test]
fn sign_in_shows_what_was_wrong_and_keeps_the_address() {
    let page = sign_in(&SignInPage {
        email: "a\"><script>x</script>@example.org".into(),
        error: Some("E-mail or password is wrong.".into()),
        next: "/inbox/active".into(),
        nonce: "n0".into(),
        ..SignInPage::default()
    });
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{page}");
    assert!(page.contains("role=\"alert\"") && page.contains("E-mail or password is wrong."), "{page}");
    assert!(page.contains("name=\"next\"") && page.contains("value=\"/inbox/active\""), "{page}");
    assert!(!page.contains("<script>x"), "{page}");
    assert_eq!(page.matches("<script").count(), page.matches("<script nonce=\"n0\"").count(), "{page}");
}

#[test]
fn setup_ties_each_fault_to_its_field() {
    let fresh = setup(&SetupPage::default());
    assert!(
        fresh.contains("aria-describedby=\"password-hint\"") && fresh.contains("At least 10 characters."),
        "{fresh}"
    );
    let errors = vec![("password".to_owned(), "Too short.".to_owned())];
    let page = setup(&SetupPage { token: "t0".into(), errors, ..SetupPage::default() });
    assert!(page.contains("action=\"/setup/t0\""), "{page}");
    assert!(page.contains("aria-describedby=\"password-wrong\"") && page.contains("id=\"password-wrong\""), "{page}");
    assert!(!page.contains("password-hint"), "{page}");
}

#[test]
fn an_error_says_what_to_do() {
    let page = error(404, &Assets::default(), "n0");
    assert!(page.contains("There is no such page") && page.contains("href=\"/inbox\""), "{page}");
}
