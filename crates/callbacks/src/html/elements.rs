//! The elements, each with the table of the properties that it alone has.

use super::{EVERYDAY, Element, GLOBAL, Named, Tag, anonymous};
use crate::children::IntoChildren;
use crate::component::{Definition, handles, names, setters};

/// One element a row: its type, its function, what it is, and its own properties.
macro_rules! elements {
    ($($tag:ident $function:ident $(($($void:tt)+))?: $doc:literal $table:tt)*) => {
        /// The names of the elements, as types.
        pub mod tag {
            $(
                #[doc = concat!("`html.", stringify!($tag), "`: ", $doc)]
                #[derive(Clone, Copy, Debug)]
                pub struct $tag;
            )*
        }

        $(
            impl Tag for tag::$tag {
                const NAME: &'static str = stringify!($tag);
                const PROPERTIES: &'static [&'static str] = names!($table);
            }

            #[doc = concat!("`html.", stringify!($tag), "` with an id: ", $doc)]
            pub type $tag = Element<tag::$tag, Named>;

            elements!(@function $tag $function $(($($void)+))? $doc);
            elements!(@properties $tag $table);
        )*

        /// The properties of each element.
        pub(crate) const DEFINITIONS: &[Definition] = &[
            $(Definition {
                name: stringify!($tag),
                properties: &[&["children", "id"], EVERYDAY, GLOBAL, <tag::$tag as Tag>::PROPERTIES],
            }),*
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
    (@properties $tag:ident {}) => {};
    (@properties $tag:ident $table:tt) => {
        handles! { [impl Element<tag::$tag, Named>] $table }
        setters! { [impl<I> Element<tag::$tag, I>] $table }
    };
}

elements! {
    A a: "a link." {
        /// Where the link leads.
        href / with_href: text = "href";
        /// Where it opens, such as `_blank`.
        target / with_target: text = "target";
        /// How the other page is related to this one, such as `noopener`.
        rel / with_rel: text = "rel";
        /// The name under which the browser saves what the link leads to.
        download / with_download: text = "download";
        /// The language of the other page.
        href_lang / with_href_lang: text = "hrefLang";
        /// How much the other page learns about this one.
        referrer_policy / with_referrer_policy: text = "referrerPolicy";
    }
    Article article: "a part that makes sense alone." {}
    Aside aside: "a part beside the subject." {}
    B b: "text that stands out." {}
    Blockquote blockquote: "a quotation of several lines." {
        /// The address of the source.
        cite / with_cite: text = "cite";
    }
    Br br (no children): "a line break." {}
    Button button: "a button." {
        /// Whether it cannot be clicked.
        disabled / with_disabled: bool = "disabled";
        /// `button`, `submit` or `reset`.
        kind / with_kind: text = "type";
        /// Its name in a form.
        name / with_name: text = "name";
        /// Its value in a form.
        value / with_value: text = "value";
        /// Whether it has the focus when the page opens.
        auto_focus / with_auto_focus: bool = "autoFocus";
    }
    Caption caption: "the title of a table." {}
    Code code: "a piece of program text." {}
    Dd dd: "what a `Dt` means." {}
    Details details: "a part that can be opened and closed." {
        /// Whether its content is shown.
        open / with_open: bool = "open";
    }
    Div div: "a block." {}
    Dl dl: "a list of terms and what they mean." {}
    Dt dt: "a term in a `Dl`." {}
    Em em: "stressed text." {}
    Figcaption figcaption: "the words below a `Figure`." {}
    Figure figure: "a picture, a listing or the like." {}
    Footer footer: "the foot of a page or a part." {}
    H1 h1: "a heading of the first level." {}
    H2 h2: "a heading of the second level." {}
    H3 h3: "a heading of the third level." {}
    H4 h4: "a heading of the fourth level." {}
    H5 h5: "a heading of the fifth level." {}
    H6 h6: "a heading of the sixth level." {}
    Header header: "the head of a page or a part." {}
    Hr hr (no children): "a line between two subjects." {}
    I i: "text in another voice." {}
    Img img (no children): "a picture." {
        /// The address of the picture.
        src / with_src: text = "src";
        /// What the picture shows, in words.
        alt / with_alt: text = "alt";
        /// The width in pixels.
        width / with_width: i64 = "width";
        /// The height in pixels.
        height / with_height: i64 = "height";
        /// Addresses of the picture in several sizes.
        src_set / with_src_set: text = "srcSet";
        /// Which size is for which page.
        sizes / with_sizes: text = "sizes";
    }
    Kbd kbd: "a key to press." {}
    Label label: "the label of an input." {
        /// The id of the component that the label belongs to.
        html_for / with_html_for: text = "htmlFor";
    }
    Li li: "an item of a list." {
        /// Its number in an `Ol`.
        value / with_value: i64 = "value";
    }
    Main main: "what the page is about." {}
    Mark mark: "text that is marked." {}
    Nav nav: "links to other pages and parts." {}
    Ol ol: "a list in an order." {
        /// The number of the first item.
        start / with_start: i64 = "start";
        /// Whether the numbers go down.
        reversed / with_reversed: bool = "reversed";
        /// How items are numbered: `1`, `a`, `A`, `i` or `I`.
        kind / with_kind: text = "type";
    }
    P p: "a paragraph." {}
    Pre pre: "text whose spaces and line breaks are kept." {}
    Progress progress: "how far something has come." {
        /// How far it has come.
        value / with_value: f64 = "value";
        /// Where it ends; 1 unless it is set.
        max / with_max: f64 = "max";
    }
    Section section: "a part of the page." {}
    Small small: "a side remark." {}
    Span span: "a piece of text." {}
    Strong strong: "important text." {}
    Sub sub: "text below the line." {}
    Summary summary: "the line of a `Details` that is always shown." {}
    Sup sup: "text above the line." {}
    Table table: "a table." {}
    Tbody tbody: "the rows of a table." {}
    Td td: "a cell of a table." {
        /// How many columns the cell spans.
        col_span / with_col_span: i64 = "colSpan";
        /// How many rows the cell spans.
        row_span / with_row_span: i64 = "rowSpan";
        /// The ids of the cells that head this one.
        headers / with_headers: text = "headers";
    }
    Tfoot tfoot: "the last rows of a table, such as sums." {}
    Th th: "a cell of a table that heads others." {
        /// How many columns the cell spans.
        col_span / with_col_span: i64 = "colSpan";
        /// How many rows the cell spans.
        row_span / with_row_span: i64 = "rowSpan";
        /// The ids of the cells that head this one.
        headers / with_headers: text = "headers";
        /// Whether it heads a `row` or a `col`.
        scope / with_scope: text = "scope";
    }
    Thead thead: "the head of a table." {}
    Tr tr: "a row of a table." {}
    Ul ul: "a list in no order." {}
}
