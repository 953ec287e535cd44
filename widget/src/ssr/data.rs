//! Data inside a document or script, written so that it cannot end the element it stands in.

use serde_json::Value;

/// JSON that may stand inside `<script>`: no `<`, and none of the two line ends that older JavaScript does not allow
/// in strings.
pub fn safe_json(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cannot_close_its_script() {
        let json = safe_json(&Value::from("</script><!--\u{2028}"));
        assert_eq!(json, r#""\u003c/script>\u003c!--\u2028""#);
        assert_eq!(serde_json::from_str::<String>(&json).ok().as_deref(), Some("</script><!--\u{2028}"));
    }
}
