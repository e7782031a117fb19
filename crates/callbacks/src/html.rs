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

use std::marker::PhantomData;

use serde_json::{Map, Value};

use crate::children::{Children, Component, IntoChildren};
use crate::component::{Definition, Props};
use crate::property::{Id, Property};

/// An element of HTML: `T` says which, `I` is [`Named`] if it has an id.
///
/// Its types have names of their own: [`Div`], [`H1`], [`Button`] and so on.
#[derive(Clone, Debug)]
pub struct Element<T, I = Anonymous> {
    id: I,
    props: Props,
    tag: PhantomData<fn() -> T>,
}

/// An element with an id, so that a callback can name its properties.
#[derive(Clone, Debug)]
pub struct Named(Id);

/// An element without an id.
#[derive(Clone, Copy, Debug)]
pub struct Anonymous;

/// An element's name in Dash.
pub trait Tag {
    /// Such as `Div`, for `html.Div`.
    const NAME: &'static str;
}

impl<T: Tag> Element<T, Named> {
    /// An element with this id and no children.
    pub fn new(id: impl Into<Id>) -> Self {
        let id = id.into();
        let mut props = Props::default();
        props.set("children", Value::Null);
        props.set("id", &id);
        Self {
            id: Named(id),
            props,
            tag: PhantomData,
        }
    }
}

fn anonymous<T: Tag>(children: impl IntoChildren) -> Element<T> {
    let mut props = Props::default();
    props.set("children", children.into_children().into_json());
    Element {
        id: Anonymous,
        props,
        tag: PhantomData,
    }
}

impl<T: Tag, I> Element<T, I> {
    /// Puts these children into the element, in place of those it had.
    #[must_use]
    pub fn with_children(mut self, children: impl IntoChildren) -> Self {
        self.props
            .set("children", children.into_children().into_json());
        self
    }

    /// Sets the CSS classes, Dash's `className`.
    #[must_use]
    pub fn class(self, classes: impl Into<String>) -> Self {
        self.with_class_name(classes)
    }

    /// Sets an attribute that has no method of its own: `data-*`, `aria-*`, or one that the element alone has, as Dash spells it.
    #[must_use]
    pub fn with_attribute(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.props.set(name, value.into());
        self
    }

    /// Sets the style, a CSS property a pair, names in camel case as in Dash: `[("display", "none")]`.
    #[must_use]
    pub fn with_style<'a>(mut self, style: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let style: Map<String, Value> = style
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        self.props.set("style", style);
        self
    }
}

impl<T: Tag> Element<T, Named> {
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

    /// The CSS properties, by their names in camel case.
    #[must_use]
    pub fn style(&self) -> Property<Map<String, Value>> {
        self.property("style")
    }

    fn property<V>(&self, name: &'static str) -> Property<V> {
        Property::new(self.id.0.clone(), name)
    }
}

impl<T: Tag, I> Component for Element<T, I> {
    fn into_json(self) -> Value {
        self.props.into_component("dash_html_components", T::NAME)
    }
}

/// Properties of elements: a handle, a setter, a type, Dash's name.
macro_rules! attributes {
    ($($tag:ty)?: $($(#[$doc:meta])* $handle:ident / $setter:ident: $type:ty = $name:literal;)*) => {
        attributes!(@handles [$($tag)?] $($(#[$doc])* $handle: $type = $name;)*);
        attributes!(@setters [$($tag)?] $($handle / $setter: $type = $name;)*);
    };
    (@handles [] $($(#[$doc:meta])* $handle:ident: $type:ty = $name:literal;)*) => {
        impl<T: Tag> Element<T, Named> { attributes!(@handle $($(#[$doc])* $handle: $type = $name;)*); }
        const GLOBAL: &[&str] = &["children", "id", "style", $($name),*];
    };
    (@handles [$tag:ty] $($(#[$doc:meta])* $handle:ident: $type:ty = $name:literal;)*) => {
        impl Element<$tag, Named> { attributes!(@handle $($(#[$doc])* $handle: $type = $name;)*); }
    };
    (@setters [] $($handle:ident / $setter:ident: $type:ty = $name:literal;)*) => {
        impl<T: Tag, I> Element<T, I> { attributes!(@setter $($handle / $setter: $type = $name;)*); }
    };
    (@setters [$tag:ty] $($handle:ident / $setter:ident: $type:ty = $name:literal;)*) => {
        impl<I> Element<$tag, I> { attributes!(@setter $($handle / $setter: $type = $name;)*); }
    };
    (@handle $($(#[$doc:meta])* $handle:ident: $type:ty = $name:literal;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $handle(&self) -> Property<$type> {
            Property::new(self.id.0.clone(), $name)
        }
    )*};
    (@setter $($handle:ident / $setter:ident: $type:ty = $name:literal;)*) => {$(
        #[doc = concat!("Sets `", $name, "` in the layout.")]
        #[must_use]
        pub fn $setter(mut self, value: impl Into<$type>) -> Self {
            let value: $type = value.into();
            self.props.set($name, value);
            self
        }
    )*};
}

attributes! { :
    /// The number of clicks; `None` until the first one.
    n_clicks / with_n_clicks: u64 = "n_clicks";
    /// The time of the last click, in milliseconds since 1970.
    n_clicks_timestamp / with_n_clicks_timestamp: f64 = "n_clicks_timestamp";
    /// Whether clicks are not counted.
    disable_n_clicks / with_disable_n_clicks: bool = "disable_n_clicks";
    /// The CSS classes.
    class_name / with_class_name: String = "className";
    /// Whether the element is not shown.
    hidden / with_hidden: bool = "hidden";
    /// The text that appears when the pointer rests on the element.
    title / with_title: String = "title";
    /// The language of the content, such as `en`.
    lang / with_lang: String = "lang";
    /// The direction of the text, `ltr` or `rtl`.
    dir / with_dir: String = "dir";
    /// What the element is for, to a screen reader.
    role / with_role: String = "role";
    /// The place in the order of the Tab key.
    tab_index / with_tab_index: i64 = "tabIndex";
    /// The key that activates the element.
    access_key / with_access_key: String = "accessKey";
    /// `true` if the reader may change the content.
    content_editable / with_content_editable: String = "contentEditable";
    /// `true` if the element can be dragged.
    draggable / with_draggable: String = "draggable";
    /// `true` if the spelling is checked.
    spell_check / with_spell_check: String = "spellCheck";
    /// A name that tells it apart from its siblings.
    key / with_key: String = "key";
}

attributes! { tag::A:
    /// Where the link leads.
    href / with_href: String = "href";
    /// Where it opens, such as `_blank`.
    target / with_target: String = "target";
    /// How the other page is related to this one, such as `noopener`.
    rel / with_rel: String = "rel";
    /// The name under which the browser saves what the link leads to.
    download / with_download: String = "download";
}

attributes! { tag::Button:
    /// Whether it cannot be clicked.
    disabled / with_disabled: bool = "disabled";
    /// `button`, `submit` or `reset`.
    kind / with_kind: String = "type";
}

attributes! { tag::Img:
    /// The address of the picture.
    src / with_src: String = "src";
    /// What the picture shows, in words.
    alt / with_alt: String = "alt";
    /// The width in pixels.
    width / with_width: i64 = "width";
    /// The height in pixels.
    height / with_height: i64 = "height";
}

attributes! { tag::Label:
    /// The id of the component that the label belongs to.
    html_for / with_html_for: String = "htmlFor";
}

attributes! { tag::Td:
    /// How many columns the cell spans.
    col_span / with_col_span: i64 = "colSpan";
    /// How many rows the cell spans.
    row_span / with_row_span: i64 = "rowSpan";
}

attributes! { tag::Th:
    /// How many columns the cell spans.
    col_span / with_col_span: i64 = "colSpan";
    /// How many rows the cell spans.
    row_span / with_row_span: i64 = "rowSpan";
    /// Whether it heads a `row` or a `col`.
    scope / with_scope: String = "scope";
}

attributes! { tag::Ol:
    /// The number of the first item.
    start / with_start: i64 = "start";
}

attributes! { tag::Details:
    /// Whether its content is shown.
    open / with_open: bool = "open";
}

/// Elements: the type, the function, what the element is, and the properties that it alone has.
macro_rules! elements {
    ($($tag:ident $function:ident $(($($void:tt)+))?: $doc:literal, [$($property:literal),*];)*) => {
        /// The names of the elements, as types.
        pub mod tag {
            $(
                #[doc = concat!("`html.", stringify!($tag), "`: ", $doc)]
                #[derive(Clone, Copy, Debug)]
                pub struct $tag;

                impl super::Tag for $tag {
                    const NAME: &'static str = stringify!($tag);
                }
            )*
        }

        $(
            #[doc = concat!("`html.", stringify!($tag), "` with an id: ", $doc)]
            pub type $tag = Element<tag::$tag, Named>;

            elements!(@function $tag $function $(($($void)+))? $doc);
        )*

        /// The properties of each element.
        pub(crate) const DEFINITIONS: &[(Definition, &[&str])] = &[
            $((Definition { name: stringify!($tag), properties: GLOBAL }, &[$($property),*])),*
        ];
    };
    (@function $tag:ident $function:ident (no children) $doc:literal) => {
        #[doc = concat!("`html.", stringify!($tag), "` without an id: ", $doc)]
        #[must_use]
        pub fn $function() -> Element<tag::$tag> {
            anonymous(())
        }
    };
    (@function $tag:ident $function:ident $doc:literal) => {
        #[doc = concat!("`html.", stringify!($tag), "` without an id: ", $doc)]
        pub fn $function(children: impl IntoChildren) -> Element<tag::$tag> {
            anonymous(children)
        }
    };
}

elements! {
    A a: "a link.", ["href", "target", "rel", "download"];
    Br br (no children): "a line break.", [];
    Button button: "a button.", ["disabled", "type", "name", "value"];
    Caption caption: "the title of a table.", [];
    Code code: "a piece of program text.", [];
    Details details: "a part that can be opened and closed.", ["open"];
    Div div: "a block.", [];
    Em em: "stressed text.", [];
    H1 h1: "a heading of the first level.", [];
    H2 h2: "a heading of the second level.", [];
    H3 h3: "a heading of the third level.", [];
    H4 h4: "a heading of the fourth level.", [];
    H5 h5: "a heading of the fifth level.", [];
    H6 h6: "a heading of the sixth level.", [];
    Hr hr (no children): "a line between two subjects.", [];
    Img img (no children): "a picture.", ["src", "alt", "width", "height"];
    Kbd kbd: "a key to press.", [];
    Label label: "the label of an input.", ["htmlFor"];
    Li li: "an item of a list.", ["value"];
    Ol ol: "a list in an order.", ["start", "reversed", "type"];
    P p: "a paragraph.", [];
    Pre pre: "text whose spaces and line breaks are kept.", [];
    Section section: "a part of the page.", [];
    Small small: "a side remark.", [];
    Span span: "a piece of text.", [];
    Strong strong: "important text.", [];
    Summary summary: "the line of a `Details` that is always shown.", [];
    Table table: "a table.", [];
    Tbody tbody: "the rows of a table.", [];
    Td td: "a cell of a table.", ["colSpan", "rowSpan", "headers"];
    Tfoot tfoot: "the last rows of a table, such as sums.", [];
    Th th: "a cell of a table that heads others.", ["colSpan", "rowSpan", "headers", "scope"];
    Thead thead: "the head of a table.", [];
    Tr tr: "a row of a table.", [];
    Ul ul: "a list in no order.", [];
}
