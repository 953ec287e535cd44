//! The whole document of the frame.

use domain::{Form, Theme, Timestamp};
use leptos::prelude::*;
use serde_json::json;
use wire::visitor::Face;

use super::{Brand, Language, data::safe_json, launcher, stuck::beginning, views};
use crate::{Say, parts};

/// Everything the frame of one site is made from.
#[derive(Debug, Clone)]
pub struct Panel<'a> {
    /// The site's key.
    pub key: &'a str,
    /// What the company calls itself.
    pub site: &'a str,
    pub brand: Brand,
    pub theme: Theme,
    pub language: Language,
    /// Who answers here, at most three are shown.
    pub faces: &'a [Face],
    /// Measured minutes to the first reply; `None` when there is no honest figure.
    pub reply_minutes: Option<u32>,
    /// Months for which chats are kept, where the site says so.
    pub keep_months: Option<u32>,
    /// With nobody there, where the site says what visitors find then.
    pub away: Option<Away<'a>>,
    pub form: &'a Form,
    /// Whom the browser knows is asked only for the question.
    pub form_once: bool,
    /// Only visitors whom the page has identified may chat.
    pub identified_only: bool,
    /// `http` or `https` address of the site's privacy page.
    pub privacy_url: Option<&'a str>,
    /// Origins of the pages that may embed the frame: the same as in `frame-ancestors`. Only they are talked to.
    pub origins: &'a [String],
    /// The bundled `widget.css`.
    pub css: &'a str,
    /// Addresses of `widget.js` and `widget_bg.wasm`.
    pub script_url: &'a str,
    pub wasm_url: &'a str,
    /// The address of `widget-more.js`, which is asked for when something is used that rarely is.
    pub more_url: &'a str,
    /// The address of `widget-sound.js`, which is asked for once a chat stands and something has been pressed.
    pub sound_url: &'a str,
    /// `widget-cards.js`, where the site wants cards masked.
    pub cards_script: Option<&'a str>,
}

/// What stands in the form's place while nobody is there (PRODUCT V12).
#[derive(Debug, Clone, Copy)]
pub struct Away<'a> {
    /// When somebody is, where that is known.
    pub back: Option<Timestamp>,
    /// For a message that is answered by e-mail; `None`: nothing can be left.
    pub form: Option<&'a Form>,
}

/// The whole document. The same for the same site, language and team, so that it need not be packed for each visitor.
#[derive(Debug)]
pub struct Document {
    /// From its doctype on.
    pub html: String,
    /// What stands in its one `<style>`, and in its one `<script>` that runs: a Content-Security-Policy has to allow
    /// these by their hashes.
    pub style: String,
    pub script: String,
}

pub fn panel(panel: &Panel<'_>) -> Document {
    let texts = panel.language.texts();
    let body = views::body(panel, texts).to_html();
    let theme = match panel.theme {
        Theme::Auto => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    let (style, script) = (style(panel), starter(panel));
    let head = view! {
        <meta charset="utf-8" />
        <meta
            name="viewport"
            content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="robots" content="noindex" />
        <title>{texts.chat}</title>
        <style inner_html=style.clone()></style>
        <link rel="modulepreload" href=panel.script_url.to_owned() />
        <link rel="preload" r#as="fetch" crossorigin="anonymous" href=panel.wasm_url.to_owned() />
        <script type="application/json" id=parts::DATA inner_html=data(panel)></script>
        <script r#type="module" inner_html=script.clone()></script>
    };
    let document = view! {
        <html lang=panel.language.code() dir=panel.language.direction() data-theme=theme>
            <head inner_html=head.to_html()></head>
            <body inner_html=body></body>
        </html>
    };
    let mut html = String::from("<!doctype html>");
    // Marks for a hydration that never happens here; no text or attribute could hold one.
    html.push_str(&document.to_html().replace("<!>", ""));
    Document { html, style, script }
}

/// The sheet, and in front of it the site's colours and the faces' hues: the frame's policy allows no style attributes.
fn style(panel: &Panel<'_>) -> String {
    let Brand { fill, on_fill, on_light, on_dark } = panel.brand;
    let mut style = format!(
        ":root{{--brand:{};--on-brand:{};--brand-light:{};--brand-dark:{}}}",
        fill.hex(),
        on_fill.hex(),
        on_light.hex(),
        on_dark.hex()
    );
    // A sheet has no reason to hold this; should one ever, it must not end the element.
    style.push_str(&panel.css.replace("</", "<\\/"));
    let faces = panel.faces.iter().take(views::FACES).enumerate();
    style.extend(faces.map(|(n, face)| format!(".f{n}{{--h:{}}}", face.hue.min(359))));
    style
}

fn data(panel: &Panel<'_>) -> String {
    let texts = panel.language.texts();
    let says: Vec<_> = Say::ALL.iter().map(|&say| panel.language.isolating(texts.say(say))).collect();
    safe_json(&json!({
        "key": panel.key,
        "site": panel.site,
        "lang": panel.language.code(),
        "origins": panel.origins,
        "says": says,
        // For a launcher that came in another language.
        "launcher": launcher::words(texts),
    }))
}

/// Starts the module ([`beginning`]); until it is there, going away is possible.
///
/// It is also the way to the scripts that are fetched when they are used, for the module, which cannot import anything itself.
/// What the module tells (`told`) is kept by its name for whoever comes later, and goes out as an event once the module is at
/// rest, so that its own functions may be called. One that did not come is asked for under another address: browsers remember.
/// The one for sounds comes once a chat stands and something has been pressed. A window of its own (`#out`) waits for what is
/// kept before the client starts. Files that are dragged over the panel have the one for files fetched too, so that they never
/// open in place of the chat.
fn starter(panel: &Panel<'_>) -> String {
    // In the language of the panel, on the visitor's clock.
    let back = match panel.away {
        Some(Away { back: Some(_), .. }) => format!(
            "{{const b=g('{}');b.textContent=b.textContent.replace('{{when}}',new Date(+b.dataset.at).toLocaleString(\
             d.documentElement.lang,{{weekday:'long',month:'long',day:'numeric',hour:'numeric',minute:'2-digit'}}));b.hidden=false}}",
            parts::BACK_AT
        ),
        _ => String::new(),
    };
    let urls = [panel.script_url, panel.wasm_url, panel.more_url, panel.sound_url].map(|url| safe_json(&json!(url)));
    let cards = panel.cards_script.unwrap_or("self.maskCards=t=>t;");
    format!(
        "{cards}const d=document,g=i=>d.getElementById(i),f=g('{form}'),y=_=>parent.postMessage({{deskbell:'here'}},'*');y();\
         addEventListener('message',e=>e.data?.deskbell=='there'&&y());{back}\
         if(location.hash)g('{form_view}').hidden=!(g('{chat_view}').hidden=false);\
         g('{close}').onclick=()=>parent.postMessage({{deskbell:'close'}},'*');\
         const w=self.words={{}},u={{more:{more},sound:{sound}}},k={{}},z=n=>k[n]||=import(u[n]).catch(e=>{{k[n]=0;u[n]+='?';throw e}}),\
         b=g('{menu}'),x=g('{lost}'),a=t=>z('more').then(t).then(_=>x.hidden=true,_=>x.hidden=false);\
         b.onclick=_=>a(m=>m.open());g('{emoji}').onclick=_=>a(m=>m.emoji());b.onpointerenter=_=>z('more').catch(_=>0);\
         let l;const s=_=>z('more').then(m=>m.files()).then(m=>l=m),r=_=>w.files[1]||s().catch(_=>setTimeout(r,1e4)),\
         v=_=>w.chat?.[1]&&navigator.userActivation?.hasBeenActive!==false&&z('sound').catch(_=>0);onclick=onkeydown=_=>{{v()}};\
         self.told=t=>queueMicrotask(_=>{{w[t[0]]=t;if(t[0]=='files')l||r();v();dispatchEvent(new CustomEvent('told',{{detail:t}}))}});\
         for(const n of['dragover','drop'])addEventListener(n,e=>{{const t=e.dataTransfer;if(!l&&t?.types.includes('Files')){{\
         e.preventDefault();const c=[...t.files];s().then(m=>c[0]&&m.come(c)).catch(_=>0)}}}});\
         {}",
        beginning(&format!(
            "Promise.resolve((location.hash=='#out'||location.pathname.endsWith('/chat'))&&z('more').then(m=>m.enter()).catch(_=>0)).then(_=>import({}+Q))\
             .then(m=>(self.client=m).default({{module_or_path:{}}}))",
            urls[0], urls[1]
        )),
        form = parts::FORM,
        form_view = parts::FORM_VIEW,
        chat_view = parts::CHAT_VIEW,
        close = parts::CLOSE,
        menu = parts::MENU_BUTTON,
        emoji = parts::EMOJI,
        lost = parts::LOST,
        more = urls[2],
        sound = urls[3],
    )
}
