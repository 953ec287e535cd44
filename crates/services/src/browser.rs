//! A browser's own description, made readable: "Firefox 140, Linux". Unknown ones are left out rather than guessed.

/// Which browser and system a `User-Agent` names.
pub fn readable(user_agent: &str) -> Option<String> {
    // The order matters: nearly every browser claims to be Safari, and many claim to be Chrome.
    let browsers = [
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ];
    let (mark, browser) = browsers.into_iter().find(|(mark, _)| user_agent.contains(mark))?;
    let version: String = user_agent.split_once(mark)?.1.chars().take_while(char::is_ascii_digit).take(4).collect();
    let systems = [
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let system = systems.into_iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, system)| system);
    let mut readable = browser.to_owned();
    if !version.is_empty() {
        readable.push(' ');
        readable.push_str(&version);
    }
    if let Some(system) = system {
        readable.push_str(", ");
        readable.push_str(system);
    }
    Some(readable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ones() {
        let cases = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", Some("Firefox 140, Linux")),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.0 Mobile/15E148 Safari/604.1",
                Some("Safari 18, iPhone"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 \
                 Safari/537.36 Edg/141.0.0.0",
                Some("Edge 141, Windows"),
            ),
            ("curl/8.5", None),
        ];
        for (user_agent, expected) in cases {
            assert_eq!(readable(user_agent).as_deref(), expected);
        }
    }
}
