//! What travels to a browser, in bytes after brotli, against the limits that the product sets itself.

use std::path::Path;

use super::{
    assets::Asset,
    http,
    modules::is_wasm,
    server,
    step::{Failure, Result, step},
};

/// A sum of downloads with its limits in bytes (1 KB is 1,000 bytes).
pub struct Weight {
    pub what: &'static str,
    pub parts: Vec<(String, usize)>,
    pub goal: usize,
    /// A build above this fails.
    pub must: usize,
}

impl Weight {
    pub fn total(&self) -> usize {
        self.parts.iter().map(|(_, bytes)| bytes).sum()
    }
}

/// Pages are rendered by the server, so one is started to weigh them.
pub fn measure(binary: &Path, assets: &[Asset]) -> Result<Vec<Weight>> {
    step("Weighing", || {
        let demo = server::demo(binary)?;
        let shop = http::get(&format!("{}/", demo.shop), "identity")?.text();
        let key = site_key(&shop)?;
        // A site with invites has this in its launcher too.
        let invites = sizes(assets, |name| name == "launcher-invites.js");
        let launcher = compressed(&format!("{}/w/{key}.js", demo.dashboard))?;
        let panel = compressed(&format!("{}/w/{key}/panel", demo.dashboard))?;
        let more = compressed(&format!("{}/w/{key}/more", demo.dashboard))?;
        let page = compressed(&format!("{}/", demo.dashboard))?;

        let mut opened = vec![("panel, with its CSS".to_owned(), panel)];
        opened.extend(sizes(assets, |name| matches!(name, "widget.js" | "widget_bg.wasm") || is_frame_script(name)));
        let mut menu = vec![("markup and words".to_owned(), more)];
        menu.extend(sizes(assets, |name| matches!(name, "widget-more.js" | "widget-more.css")));
        let mut dashboard = vec![("first page".to_owned(), page)];
        dashboard.extend(sizes(assets, |name| matches!(name, "app.js" | "app_bg.wasm" | "console.css" | "alerts.js")));
        let later = sizes(assets, |name| is_wasm(name) && !matches!(name, "app_bg.wasm" | "widget_bg.wasm"));
        Ok(vec![
            Weight {
                what: "launcher, before any intent",
                parts: vec![("launcher with its settings".into(), launcher)],
                goal: 2_000,
                must: 3_000,
            },
            // In the same script, where the site has some.
            Weight { what: "launcher, looking out for invites", parts: invites, goal: 350, must: 600 },
            Weight { what: "widget, after opening", parts: opened, goal: 40_000, must: 60_000 },
            Weight { what: "widget, opening the menu", parts: menu, goal: 6_000, must: 10_000 },
            // Each at its first use, and none before; the one for sounds with nearly every chat.
            Weight {
                what: "widget, single acts",
                parts: sizes(assets, |name| {
                    matches!(
                        name,
                        "widget-sound.js"
                            | "widget-emoji.js"
                            | "widget-window.js"
                            | "widget-earlier.js"
                            | "widget-letters.js"
                    )
                }),
                goal: 7_000,
                must: 12_000,
            },
            // Only where an agent lets the visitor send pictures.
            Weight {
                what: "widget, sending files",
                parts: sizes(assets, |name| matches!(name, "widget-files.js" | "widget-files.css")),
                goal: 3_000,
                must: 6_000,
            },
            // Only where a rule of the site holds.
            Weight {
                what: "launcher, an invitation",
                parts: sizes(assets, |name| name == "widget-invite.js"),
                goal: 1_000,
                must: 2_000,
            },
            Weight { what: "dashboard, first load", parts: dashboard, goal: 250_000, must: 400_000 },
            // Nobody waits for these in front of an empty page. All of them together: twice what the first load may weigh.
            Weight { what: "dashboard, later parts", parts: later, goal: 500_000, must: 800_000 },
        ])
    })
}

/// Prints the table, and fails above a must.
pub fn check(weights: &[Weight]) -> Result<()> {
    println!("\n{:<34} {:>9} {:>9} {:>9}", "brotli, KB", "now", "goal", "must");
    let mut above = Vec::new();
    for weight in weights {
        let total = weight.total();
        let verdict = if total > weight.must {
            above.push(weight.what);
            "above the must"
        } else if total > weight.goal {
            "above the goal"
        } else {
            ""
        };
        println!("{:<34} {:>9} {:>9} {:>9}  {verdict}", weight.what, kb(total), kb(weight.goal), kb(weight.must));
        if weight.parts.len() > 1 {
            for (part, bytes) in &weight.parts {
                println!("  {part:<32} {:>9}", kb(*bytes));
            }
        }
    }
    println!();
    if above.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("too heavy: {}", above.join("; ")),
        "`twiggy top` on the module in target/site-release shows who weighs what.",
    ))
}

/// Scripts from `widget/launcher` other than the launcher itself load together with the frame.
fn is_frame_script(name: &str) -> bool {
    let script = Path::new(name).extension().is_some_and(|extension| extension == "js");
    script
        && !name.contains('/')
        && !matches!(name, "app.js" | "launcher.js" | "launcher-invites.js" | "alerts.js" | "sw.js")
        && !name.starts_with("widget")
}

fn sizes(assets: &[Asset], wanted: impl Fn(&str) -> bool) -> Vec<(String, usize)> {
    assets.iter().filter(|asset| wanted(&asset.name)).map(|asset| (asset.name.clone(), asset.br)).collect()
}

fn compressed(url: &str) -> Result<usize> {
    let response = http::get(url, "br")?;
    if response.header("content-encoding") == Some("br") {
        return Ok(response.body.len());
    }
    Err(Failure::new(format!("{url} came without brotli"), "The server must compress what it renders."))
}

/// The key in the snippet on the shop's page: `<script async src="…/w/KEY.js">`.
fn site_key(html: &str) -> Result<&str> {
    html.split("/w/")
        .skip(1)
        .find_map(|rest| rest.split_once(".js").map(|(key, _)| key))
        .filter(|key| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'))
        .ok_or_else(|| {
            Failure::new(
                "the demo shop's page has no snippet",
                "It must carry <script async src=\"…/w/KEY.js\"></script>.",
            )
        })
}

fn kb(bytes: usize) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_read_from_the_snippet() {
        let page = r#"<a href="/w/"></a><script async src="http://127.0.0.1:1/w/demo-1.js"></script>"#;
        assert_eq!(site_key(page).expect("a key"), "demo-1");
        assert!(site_key("<p>nothing</p>").is_err());
    }
}
