use domain::CleanUpRules;

use super::to_text;

fn text(markup: &str) -> String {
    to_text(&CleanUpRules::default(), markup)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn lines_and_paragraphs_stay() {
    assert_eq!(
        text("<p>One\n  line</p><p>Two<br>three</p><div>four</div><div>five</div>"),
        "One line\n\nTwo\nthree\n\nfour\nfive"
    );
    assert_eq!(text("<h1>Title</h1>text<hr>end"), "Title\n\ntext\n\n---\n\nend");
    assert_eq!(text("a<br><br><br><br>b"), "a\n\nb", "one empty line is enough");
    assert_eq!(text("<pre>if x {\n    y\n}</pre>"), "if x {\n    y\n}");
    assert_eq!(text("<b>bo</b>ld and <i> it </i>alic"), "bold and it alic");
    assert_eq!(text("Word&nbsp;for&nbsp;word\u{a0}"), "Word for word");
}

#[test]
fn lists_keep_their_marks_and_depth() {
    let list =
        "<p>Before</p><ul><li>one</li><li><p>two</p><ol start=3><li>three</li><li>four</li></ol></li></ul><p>After</p>";
    assert_eq!(text(list), "Before\n\n- one\n- two\n  3. three\n  4. four\n\nAfter");
    assert_eq!(text("<ol><li value=\"7\">seven</li><li>eight</li></ol>"), "7. seven\n8. eight");
}

#[test]
fn links_keep_their_address() {
    assert_eq!(
        text(r#"See <a href="https://a.example/x?y=1&amp;z=2">the page</a>."#),
        "See the page (https://a.example/x?y=1&z=2)."
    );
    assert_eq!(text(r#"<a href="https://a.example/">a.example</a>"#), "a.example");
    assert_eq!(text(r#"<a href="mailto:lena@example.org">write</a>"#), "write (lena@example.org)");
    assert_eq!(text(r#"<a href="https://a.example"><img src="x.png"></a>"#), "https://a.example");
    assert_eq!(text(r#"<a href="javascript:alert(1)">press</a> <a href="/rel">here</a>"#), "press here");
}

#[test]
fn tables_and_quotes_can_be_read() {
    let table = "<table><tr><th>Wood</th><th>Price</th></tr>\n<tr><td>Oak</td><td>10 €</td></tr></table>";
    assert_eq!(text(table), "Wood | Price\nOak | 10 €");
    assert_eq!(
        text("<p>He said:</p><blockquote><p>Yes</p><p>No</p></blockquote>So"),
        "He said:\n\n> Yes\n\n> No\n\nSo"
    );
}

#[test]
fn what_is_no_text_is_gone() {
    let page = "<html><head><title>T</title><style>p{}</style></head><body><script>alert('x')</script>Hello\
                <!-- hidden --><svg><text>drawn</text></svg><iframe>f</iframe></body></html>";
    assert_eq!(text(page), "Hello");
    assert_eq!(text(r#"a<span style="display:none">secret</span>b<i style="color:red">c</i>"#), "abc");
    assert_eq!(text("<p>5 &lt; 6 &amp;&amp; x &gt; y &quot;q&quot; &amp;lt;</p>"), "5 < 6 && x > y \"q\" &lt;");
    assert_eq!(text(r#"<img alt="a &quot;chair&quot; > 3"> <img src="x">"#), "[a \"chair\" > 3]");
}

#[test]
fn the_admins_rules_decide() {
    let page =
        r#"<table><tr><td>cell</td></tr></table><a href="https://a.example">link</a><b style="display:none">x</b>"#;
    assert_eq!(text(page), "cell\n\nlink (https://a.example)");
    let rules = CleanUpRules {
        tags: names(&["table"]),
        attributes: names(&["href"]),
        styles: names(&["display"]),
        on_paste: true,
    };
    assert_eq!(to_text(&rules, page), "link x".replace(' ', ""));
}

#[test]
fn deep_and_broken_markup_is_only_markup() {
    assert!(text(&format!("{}deep", "<div>".repeat(20_000))).ends_with("deep"));
    assert!(text(&format!("{}deep", "<ul><li>".repeat(5_000))).ends_with("deep"));
    assert_eq!(text("<p>open <b>never <i>closed"), "open never closed");
    assert_eq!(text("</div></p>a < b > c <"), "a < b > c <");
    assert_eq!(text(""), "");
}
