use leptos::prelude::*;

/// Icons of the Lucide set (ISC licence), each as one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    Alert,
    Archive,
    ArrowDown,
    Bell,
    Back,
    Ban,
    Calendar,
    Check,
    Clip,
    CheckCheck,
    Clock,
    Close,
    Down,
    Download,
    Expand,
    File,
    Filter,
    Film,
    Eraser,
    Guard,
    Inbox,
    Keyboard,
    Link,
    Mail,
    Monitor,
    Moon,
    More,
    Next,
    Note,
    Panel,
    Plus,
    People,
    Print,
    Search,
    Settings,
    SignOut,
    Smile,
    Sun,
    Talk,
    Template,
    Transfer,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Alert => "M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20M12 8v4M12 16h.01",
            Self::Archive => {
                "M3 3h18a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM4 8v11a2 2 0 0 0 2 2h12a2 2 0 0 \
                 0 2-2V8M10 12h4"
            }
            Self::ArrowDown => "M12 5v14M19 12l-7 7-7-7",
            Self::Bell => {
                "M3 20a1 1 0 0 1-1-1v-1a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v1a1 1 0 0 1-1 1zM20 16a8 8 0 1 0-16 0M12 4v4M10 \
                 4h4"
            }
            Self::Ban => "M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20M4.9 4.9l14.2 14.2",
            Self::Back => "m15 18-6-6 6-6",
            Self::Calendar => {
                "M5 4h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM16 2v4M8 2v4M3 10h18"
            }
            Self::Check => "M20 6 9 17l-5-5",
            Self::CheckCheck => "M18 6 7 17l-5-5M22 10l-7.5 7.5L13 16",
            Self::Clock => "M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20M12 6v6l4 2",
            Self::Close => "M18 6 6 18M6 6l12 12",
            Self::Down => "m6 9 6 6 6-6",
            Self::Expand => "M15 3h6v6M9 21H3v-6M21 3l-7 7M3 21l7-7",
            Self::Eraser => {
                "m7 21-4.3-4.3c-1-1-1-2.5 0-3.4l9.6-9.6c1-1 2.5-1 3.4 0l5.6 5.6c1 1 1 2.5 0 3.4L13 21M22 21H7M5 11l9 9"
            }
            Self::Guard => {
                "M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 \
                 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1zM12 8v4M12 16h.01"
            }
            Self::Inbox => {
                "M22 12h-6l-2 3h-4l-2-3H2M5.45 5.11 2 12v6a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.45-6.89A2 2 0 0 0 16.76 \
                 4H7.24a2 2 0 0 0-1.79 1.11z"
            }
            Self::Keyboard => {
                "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM6 8h.01M10 8h.01M14 8h.01M18 8h.01M8 \
                 12h.01M12 12h.01M16 12h.01M7 16h10"
            }
            Self::Link => {
                "M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 \
                 7.07l1.71-1.71"
            }
            Self::Mail => {
                "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM22 7l-9 5.7a1.94 1.94 0 0 1-2 0L2 7"
            }
            Self::Monitor => "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM8 21h8M12 17v4",
            Self::Moon => {
                "M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004\
                 .803.401"
            }
            Self::Note => "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6",
            Self::Panel => "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM15 3v18",
            Self::Plus => "M5 12h14M12 5v14",
            Self::People => "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2M9 3a4 4 0 1 0 0 8 4 4 0 1 0 0-8M19 8v6M22 11h-6",
            Self::Print => {
                "M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2M6 9V3a1 1 0 0 1 1-1h10a1 1 0 0 1 \
                 1 1v6M6 15a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1z"
            }
            Self::Search => "M11 3a8 8 0 1 0 0 16 8 8 0 1 0 0-16M21 21l-4.3-4.3",
            Self::Settings => {
                "M9.671 4.136a2.34 2.34 0 0 1 4.659 0 2.34 2.34 0 0 0 3.319 1.915 2.34 2.34 0 0 1 2.33 4.033 2.34 2.34 0 0 \
                 0 0 3.831 2.34 2.34 0 0 1-2.33 4.033 2.34 2.34 0 0 0-3.319 1.915 2.34 2.34 0 0 1-4.659 0 2.34 2.34 0 0 \
                 0-3.32-1.915 2.34 2.34 0 0 1-2.33-4.033 2.34 2.34 0 0 0 0-3.831A2.34 2.34 0 0 1 6.35 6.051a2.34 2.34 0 \
                 0 0 3.319-1.915M12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6"
            }
            Self::SignOut => "m16 17 5-5-5-5M21 12H9M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4",
            Self::Smile => "M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20M8 14s1.5 2 4 2 4-2 4-2M9 9h.01M15 9h.01",
            Self::Clip => {
                "m16 6-8.4 8.6a2 2 0 0 0 2.8 2.8l8.4-8.5a4 4 0 1 0-5.6-5.7l-8.4 8.6a6 6 0 1 0 8.5 8.5l8.4-8.6"
            }
            Self::Download => "M12 15V3M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4M7 10l5 5 5-5",
            Self::File => "M14 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8zM14 2v6h6",
            Self::Filter => "M3 6h18M7 12h10M10 18h4",
            Self::Film => "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM10 8l6 4-6 4z",
            Self::More => {
                "M12 11a1 1 0 1 0 0 2 1 1 0 1 0 0-2M19 11a1 1 0 1 0 0 2 1 1 0 1 0 0-2M5 11a1 1 0 1 0 0 2 1 1 0 1 0 0-2"
            }
            Self::Next => "m9 18 6-6-6-6",
            Self::Sun => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 1 0 0-8M12 2v2M12 20v2M4.93 4.93l1.41 1.41M17.66 17.66l1.41 1.41M2 12h2M20 \
                 12h2M6.34 17.66l-1.41 1.41M19.07 4.93l-1.41 1.41"
            }
            Self::Talk => {
                "M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 \
                 10 0 1 0-4.777-4.719"
            }
            Self::Template => "M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2zM13 8H7M17 12H7",
            Self::Transfer => "m16 3 4 4-4 4M20 7H4M8 21l-4-4 4-4M4 17h16",
        }
    }
}

/// For the eye only; whatever it sits on carries the name.
#[component]
pub fn Icon(glyph: Glyph, #[prop(optional)] small: bool) -> impl IntoView {
    let class = if small { "dk-icon dk-icon--small" } else { "dk-icon" };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=glyph.path()></path>
        </svg>
    }
}
