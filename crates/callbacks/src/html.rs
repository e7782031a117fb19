//! `dash.html`: one component for each element of HTML.
//!
//! A capital letter makes an element with an id, which hands out its properties: `html::H1::new("content")`.
//! A small letter makes one without, which only holds something: `html::h1("Settings")`.
//!
//! ```
//! use callbacks::html;
//!
//! let content = html::H1::new("content").with_children("None yet");
//! assert_eq!(content.children().to_string(), "content.children");
//! let page = html::div((html::p("The other one's text:"), content)).class("container");
//! # let _ = page;
//! ```

mod elements;

use std::marker::PhantomData;

use crate::children::{Component, IntoChildren};
use crate::component::{Identity, Properties, everyday, handles, names, setters};
use crate::node::{Children, Node};
use crate::property::{Id, Property};

pub use crate::component::{Anonymous, Named};
pub(crate) use elements::DEFINITIONS;
pub use elements::*;

/// An element of HTML: `T` is its tag, and `I` is [`Named`] if it has an id.
///
/// Its types have names of their own: [`Div`], [`H1`], [`Button`] and so on.
#[derive(Clone, Debug)]
pub struct Element<T, I = Anonymous> {
    id: I,
    children: Children,
    properties: Properties,
    tag: PhantomData<fn() -> T>,
}

/// An element's name in Dash, and the properties that it alone has.
pub trait Tag {
    /// Such as `Div`, for `html.Div`.
    const NAME: &'static str;

    /// Its own properties, by Dash's names.
    const PROPERTIES: &'static [&'static str];
}

impl<T: Tag> Element<T, Named> {
    /// An element with this id and no children.
    pub fn new(id: impl Into<Id>) -> Self {
        Self::with(Named(id.into()), Children::default())
    }

    /// What the element holds.
    #[must_use]
    pub fn children(&self) -> Property<Children> {
        self.property("children")
    }

    /// What the element holds, where that is text and nothing else: `children` again, read and written as text.
    #[must_use]
    pub fn text(&self) -> Property<String> {
        self.property("children")
    }
}

impl<T, I> Element<T, I> {
    fn with(id: I, children: Children) -> Self {
        Self {
            id,
            children,
            properties: Properties::default(),
            tag: PhantomData,
        }
    }
}

fn anonymous<T>(children: impl IntoChildren) -> Element<T> {
    Element::with(Anonymous, children.into_children())
}

impl<T: Tag, I> Element<T, I> {
    /// Puts these children into the element, in place of those it had.
    #[must_use]
    pub fn with_children(mut self, children: impl IntoChildren) -> Self {
        self.children = children.into_children();
        self
    }

    /// Has a screen reader read the element's content aloud when it changes: `aria-live="polite"`.
    #[must_use]
    pub fn live(mut self) -> Self {
        self.properties.set_text("aria-live", "polite");
        self
    }
}

impl<T: Tag, I: Identity> Component for Element<T, I> {
    fn into_node(self) -> Node {
        Node::of(
            "dash_html_components",
            T::NAME,
            self.id.into_id(),
            Some(self.children),
            self.properties,
        )
    }
}

everyday! { [impl<T: Tag> Element<T, Named>] [impl<T: Tag, I> Element<T, I>] }

/// Handles, setters and names of what every element has, from one table.
macro_rules! global {
    ($table:tt) => {
        handles! { [impl<T: Tag> Element<T, Named>] $table }
        setters! { [impl<T: Tag, I> Element<T, I>] $table }
        const GLOBAL: &[&str] = names!($table);
    };
}

global! {{
    /// The number of clicks; `None` until the first one.
    n_clicks / with_n_clicks: u64 = "n_clicks";
    /// The time of the last click, in milliseconds since 1970.
    n_clicks_timestamp / with_n_clicks_timestamp: f64 = "n_clicks_timestamp";
    /// Whether clicks are not counted.
    disable_n_clicks / with_disable_n_clicks: bool = "disable_n_clicks";
    /// The language of the content, such as `en`.
    lang / with_lang: text = "lang";
    /// The direction of the text, `ltr` or `rtl`.
    dir / with_dir: text = "dir";
    /// What the element is for, to a screen reader.
    role / with_role: text = "role";
    /// The key that activates the element.
    access_key / with_access_key: text = "accessKey";
    /// `true` if the person at the page may change the content.
    content_editable / with_content_editable: text = "contentEditable";
    /// `true` if the element can be dragged.
    draggable / with_draggable: text = "draggable";
    /// `true` if the spelling is checked.
    spell_check / with_spell_check: text = "spellCheck";
    /// A name that no sibling has.
    key / with_key: text = "key";
}}
