//! Line icons on a grid of 24, drawn for this project.

use leptos::prelude::*;

/// The icons there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Icon {
    /// A cross.
    Close,
    /// A lens.
    Search,
    /// Three sheets.
    Layers,
    /// Plus.
    Plus,
    /// Minus.
    Minus,
    /// A cross-hair.
    Target,
    /// Four corners.
    Whole,
    /// Head and shoulders.
    Person,
    /// Two links.
    Link,
    /// A pin.
    Pin,
    /// A bracket pointing right.
    Right,
    /// A triangle with a mark.
    Warning,
    /// A hook.
    Done,
    /// A hatched square.
    Zone,
    /// A cell among cells.
    Cell,
    /// A building with a flag.
    Desk,
    /// A sheet with lines.
    Note,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Search => "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM15.5 15.5L20.5 20.5",
            Self::Layers => {
                "M12 3.5l9 5-9 5-9-5zM3.5 12.5l8.5 4.8 8.5-4.8M3.5 16.3l8.5 4.7 8.5-4.7"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Minus => "M5 12h14",
            Self::Target => {
                "M12 5.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM12 2v5M12 17v5M2 12h5M17 12h5"
            }
            Self::Whole => "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
            Self::Person => {
                "M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM4.5 20.5c.8-4 3.8-5.5 7.5-5.5s6.7 1.5 7.5 5.5"
            }
            Self::Link => {
                "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2\
                 M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2"
            }
            Self::Pin => {
                "M12 21.5c4.5-4.8 6.8-8.3 6.8-11.3a6.8 6.8 0 0 0-13.6 0c0 3 2.3 6.5 6.8 11.3z\
                 M12 7.8a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5z"
            }
            Self::Right => "M9 5l7 7-7 7",
            Self::Warning => "M12 3.5l9.5 16.5h-19zM12 10v4.5M12 17.2v.3",
            Self::Done => "M4.5 12.5l5 5 10-11",
            Self::Zone => "M4 4h16v16H4zM4 12l8-8M4 20L20 4M12 20l8-8",
            Self::Cell => {
                "M3.5 8.5L10 4l5.5 3.5 5-1v12L14 20l-5-3-5.5 2zM10 4l-1 13M15.5 7.5L14 20"
            }
            Self::Desk => "M4 20.5h16M6 20.5V9.5h12v11M9.5 13h5M9.5 16.5h5M12 9.5V3.5h5v3h-5",
            Self::Note => "M6 3.5h8.5l4 4v13H6zM9 11h6.5M9 15h6.5",
        }
    }
}

/// An icon that says nothing to a screen reader: the words stand beside it or in the label.
pub fn icon(of: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=of.path()/>
        </svg>
    }
}
