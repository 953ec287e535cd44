mod attributes;
mod classify;

use domain::{Attributes, Timestamp};
use leptos::prelude::*;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use wire::agent::{Details, Earlier, Location, Row, Visit};

use self::{
    attributes::{AttributeList, Verified},
    classify::Classify,
};
use super::{
    Section,
    lines::{NAMELESS, path_of},
};
use crate::{
    live::{Clock, Talk},
    ui::{
        Avatar, Glyph, Icon, StarsView, StatusPill,
        time::{Ago, Moment, time_of_day},
    },
};

/// The person behind the chat, and the chat's own facts.
#[component]
pub fn CustomerPanel(talk: Talk, row: Memo<Option<Row>>, panel: RwSignal<Option<bool>>) -> impl IntoView {
    // Each apart, so that the others stay while one changes.
    let earlier = Memo::new(move |_| {
        talk.details.with(|details| details.as_ref().map(|details| (details.before, details.earlier.clone())))
    });
    let pages = Memo::new(move |_| talk.details.with(|details| details.as_ref().map(|details| details.pages.clone())));
    let said = Memo::new(move |_| {
        talk.details.with(|details| {
            let all = details.as_ref()?.customer.attributes.iter();
            Some(all.map(|(key, value)| (key.to_owned(), value.to_string())).collect::<Vec<_>>())
        })
    });
    let facts = Memo::new(move |_| {
        talk.details.with(|details| {
            let mut details = details.clone()?;
            details.pages = Vec::new();
            details.customer.attributes = Attributes::default();
            Some(details)
        })
    });
    view! {
        <aside class="dk-panel" id="customer" role="region" aria-label="Customer">
            <button
                type="button"
                class="dk-icon-button dk-panel__close"
                aria-label="Close customer panel"
                on:click=move |_| panel.set(Some(false))
            >
                <Icon glyph=Glyph::Close />
            </button>
            {move || facts.get().map(|details| view! { <Facts details=details row=row /> })}
            {move || said.get().map(|all| view! { <AttributeList rows=all /> })}
            {move || pages.get().map(|pages| view! { <Pages pages=pages /> })}
            <Classify talk=talk row=row />
            {move || earlier.get().map(|(before, earlier)| view! { <EarlierChats before=before earlier=earlier /> })}
        </aside>
        <button
            type="button"
            class="dk-panel__shade"
            tabindex="-1"
            aria-hidden="true"
            on:click=move |_| panel.set(Some(false))
        ></button>
    }
}

#[component]
fn Facts(details: Details, row: Memo<Option<Row>>) -> impl IntoView {
    let Details {
        row: as_read, site, customer, language, location, browser, started_at, episode, before, blocked, ..
    } = details;
    let person = as_read.visitor.clone();
    let known = if person.name.is_empty() { NAMELESS.to_owned() } else { person.name.clone() };
    let status = Signal::derive(move || row.with(|row| row.as_ref().map_or(as_read.status, |row| row.status)));
    let outcome = Signal::derive(move || row.with(|row| row.as_ref().map_or(as_read.outcome, |row| row.outcome)));
    view! {
        <section class="dk-card">
            <div class="dk-person">
                <Avatar initials=person.initials hue=person.hue size="large" />
                <div>
                    <h2 dir="auto">{known}</h2>
                    <p>{chats_word(before, episode)}</p>
                </div>
            </div>
            <Verified customer=customer />
            {blocked.map(|(by, at)| view! {
                <p class="dk-blocked"><Icon glyph=Glyph::Ban small=true /> <span>"Blocked by " <bdi>{by}</bdi> ", " <Moment at=at /></span></p>
            })}
            <dl class="dk-facts">
                <Fact term="E-mail">
                    {if person.email.is_empty() {
                        view! { <span class="dk-unknown">"not given"</span> }.into_any()
                    } else {
                        let href = mail_link(&person.email);
                        view! { <a class="dk-mail" href=href title=person.email.clone()>{person.email.clone()}</a> }.into_any()
                    }}
                </Fact>
                {Some(person.phone.clone()).filter(|phone| !phone.is_empty()).map(|phone| view! {
                    <Fact term="Phone"><a class="dk-mail" href=format!("tel:{phone}")>{phone.clone()}</a></Fact>
                })}
                <Fact term="Site">{site}</Fact>
                {language.map(|tag| view! { <Fact term="Language">{language_word(&tag)}</Fact> })}
                {location.map(|location| view! { <Fact term="Location"><Whereabouts location=location /></Fact> })}
                {browser.map(|browser| view! { <Fact term="Browser">{browser}</Fact> })}
            </dl>
        </section>
        <section class="dk-card">
            <h3>"Chat"</h3>
            <dl class="dk-facts">
                <Fact term="Status"><StatusPill status=status outcome=outcome /></Fact>
                <Fact term="Queue">{as_read.queue_name}</Fact>
                <Fact term="Started"><Moment at=started_at /></Fact>
                {as_read.owner_name.map(|owner| view! { <Fact term="Agent">{owner}</Fact> })}
                {as_read.rating.map(|rating| view! {
                    <Fact term="Rating">
                        <StarsView stars=rating.stars />
                        <span class="dk-facts__words" dir="auto">{rating.words.clone()}</span>
                    </Fact>
                })}
            </dl>
        </section>
    }
}

#[component]
fn Fact(term: &'static str, children: Children) -> impl IntoView {
    view! {
        <dt>{term}</dt>
        <dd>{children()}</dd>
    }
}

/// The place, and what time it is there.
#[component]
fn Whereabouts(location: Location) -> impl IntoView {
    let clock = expect_context::<Clock>();
    view! {
        <span title="By the time zone of their device">{location.place}</span>
        <span class="dk-facts__there">{move || time_of_day(clock.now(), location.offset)} " there"</span>
    }
}

#[component]
fn Pages(pages: Vec<Visit>) -> impl IntoView {
    let none = pages.is_empty();
    let step = |visit: Visit| {
        let path = path_of(&visit.url).to_owned();
        let title = if visit.title.is_empty() { visit.url.clone() } else { format!("{}\n{}", visit.title, visit.url) };
        view! {
            <li>
                <span class="dk-trail__path" title=title>{path}</span>
                <Since at=visit.at />
            </li>
        }
    };
    view! {
        <section class="dk-card">
            <h3>"Pages"</h3>
            {none.then(|| view! { <p class="dk-unknown">"No page is known yet."</p> })}
            <ol class="dk-trail">{pages.into_iter().map(step).collect_view()}</ol>
        </section>
    }
}

#[component]
fn Since(at: Timestamp) -> impl IntoView {
    view! { <span class="dk-trail__at"><Ago at=at /></span> }
}

#[component]
fn EarlierChats(before: u32, earlier: Vec<Earlier>) -> impl IntoView {
    let not_listed = before.saturating_sub(u32::try_from(earlier.len()).unwrap_or(u32::MAX));
    let one = |chat: Earlier| {
        let words = if chat.may_read {
            let words = words_or(&chat.first_words).to_owned();
            view! { <a href=Section::Recent.chat_href(chat.session) dir="auto" title=words.clone()>{words.clone()}</a> }
                .into_any()
        } else {
            view! { <span class="dk-unknown">"Still going on elsewhere"</span> }.into_any()
        };
        view! {
            <li>
                {words}
                <span class="dk-earlier__at">
                    {chat.stars.map(|stars| view! { <StarsView stars=stars /> })} " "
                    {chat.agent.map(|agent| view! { <bdi>{agent}</bdi> " · " })} <Ago at=chat.at />
                </span>
            </li>
        }
    };
    view! {
        <section class="dk-card">
            <h3>"Earlier chats"</h3>
            {(before == 0).then(|| view! { <p class="dk-unknown">"This is the first one."</p> })}
            <ul class="dk-earlier">{earlier.into_iter().map(one).collect_view()}</ul>
            {(not_listed > 0).then(|| view! { <p class="dk-unknown">{format!("and {not_listed} before these")}</p> })}
        </section>
    }
}

fn words_or(words: &str) -> &str {
    if words.trim().is_empty() { "A chat without words" } else { words }
}

/// How often they have been here.
fn chats_word(before: u32, episode: u32) -> String {
    match (before, episode) {
        (0, ..=1) => "First chat".to_owned(),
        (0, n) => format!("Taken up again, {n} times here"),
        (1, _) => "1 earlier chat".to_owned(),
        (n, _) => format!("{n} earlier chats"),
    }
}

/// The common languages by name; the tag for the rest.
fn language_word(tag: &str) -> String {
    let primary = tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
    let name = match primary.as_str() {
        "ar" => "Arabic",
        "cs" => "Czech",
        "da" => "Danish",
        "de" => "German",
        "el" => "Greek",
        "en" => "English",
        "es" => "Spanish",
        "fi" => "Finnish",
        "fr" => "French",
        "he" => "Hebrew",
        "hi" => "Hindi",
        "hu" => "Hungarian",
        "it" => "Italian",
        "ja" => "Japanese",
        "ko" => "Korean",
        "nb" | "nn" | "no" => "Norwegian",
        "nl" => "Dutch",
        "pl" => "Polish",
        "pt" => "Portuguese",
        "ro" => "Romanian",
        "ru" => "Russian",
        "sv" => "Swedish",
        "tr" => "Turkish",
        "uk" => "Ukrainian",
        "zh" => "Chinese",
        _ => return tag.to_owned(),
    };
    if primary == tag.to_ascii_lowercase() { name.to_owned() } else { format!("{name} ({tag})") }
}

/// What a link to an address must have escaped, so that nothing in it makes further fields of the letter (RFC 6068).
const NOT_IN_MAIL: AsciiSet = NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');

fn mail_link(address: &str) -> String {
    format!("mailto:{}", utf8_percent_encode(address, &NOT_IN_MAIL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_nothing_but_one() {
        assert_eq!(mail_link("lena.s+desk@example.org"), "mailto:lena.s+desk@example.org");
        assert_eq!(mail_link("a?bcc=x&y%40@b.example"), "mailto:a%3Fbcc%3Dx%26y%2540@b.example");
    }

    #[test]
    fn languages_have_names() {
        assert_eq!(language_word("de"), "German");
        assert_eq!(language_word("pt-BR"), "Portuguese (pt-BR)");
        assert_eq!(language_word("tlh"), "tlh");
    }

    #[test]
    fn says_how_often_they_were_here() {
        let said = [(0, 1), (0, 2), (1, 1), (12, 3)].map(|(before, episode)| chats_word(before, episode));
        assert_eq!(said, ["First chat", "Taken up again, 2 times here", "1 earlier chat", "12 earlier chats"]);
    }
}
