//! `dcc.Loading`: shows that something below it is being computed.

use std::collections::BTreeMap;

use crate::children::{Component, IntoChildren};
use crate::component::{
    Anonymous, Definition, Identity, Named, Properties, everyday, handles, names, setters,
};
use crate::node::{Children, Node};
use crate::property::{Id, Property};

/// `dcc.Loading`: a spinner while a component below it waits for a callback. The [`loading`] function makes one without an id.
///
/// ```
/// use callbacks::{dcc, html};
///
/// let slow = dcc::loading(html::H1::new("content")).with_delay_show(200);
/// let named = dcc::Loading::new("loading").with_children(html::P::new("text"));
/// assert_eq!(named.display().to_string(), "loading.display");
/// # let _ = slow;
/// ```
#[derive(Clone, Debug)]
pub struct Loading<I = Named> {
    id: I,
    children: Children,
    properties: Properties,
}

/// A [`Loading`] without an id, around these children.
pub fn loading(children: impl IntoChildren) -> Loading<Anonymous> {
    Loading::with(Anonymous, children.into_children())
}

impl Loading {
    /// An empty one with this id.
    pub fn new(id: impl Into<Id>) -> Self {
        Self::with(Named(id.into()), Children::default())
    }

    /// What it holds.
    #[must_use]
    pub fn children(&self) -> Property<Children> {
        self.property("children")
    }
}

impl<I> Loading<I> {
    fn with(id: I, children: Children) -> Self {
        Self {
            id,
            children,
            properties: Properties::default(),
        }
    }

    /// Puts these children into it, in place of those it had.
    #[must_use]
    pub fn with_children(mut self, children: impl IntoChildren) -> Self {
        self.children = children.into_children();
        self
    }
}

impl<I: Identity> Component for Loading<I> {
    fn into_node(self) -> Node {
        let children = Some(self.children);
        let id = self.id.into_id();
        let name = DEFINITION.name;
        Node::of("dash_core_components", name, id, children, self.properties)
    }
}

pub(crate) const DEFINITION: Definition = Definition {
    name: "Loading",
    properties: &[&["children", "id"], EVERYDAY, LOADING],
};

// `className` and `style` are those of the spinner, as in Dash; the block around it all has `parent_…`.
everyday! { [impl Loading] [impl<I> Loading<I>] }

/// Handles, setters and names of its own properties, from one table.
macro_rules! own {
    ($table:tt) => {
        handles! { [impl Loading] $table }
        setters! { [impl<I> Loading<I>] $table }
        const LOADING: &[&str] = names!($table);
    };
}

/// Which properties of which components the spinner waits for, by id.
type Targets = BTreeMap<String, Vec<String>>;

own! {{
    /// The spinner: `graph`, `cube`, `circle`, `dot` or `default`; this project draws all of them as one ring.
    kind / with_kind: text = "type";
    /// For how many milliseconds a component must wait before the spinner appears.
    delay_show / with_delay_show: u64 = "delay_show";
    /// For how many milliseconds the spinner stays at least.
    delay_hide / with_delay_hide: u64 = "delay_hide";
    /// `auto`, or always `show` or `hide`.
    display / with_display: text = "display";
    /// Whether it spins before the first callback has run. It does, unless this is set to `false`.
    show_initially / with_show_initially: bool = "show_initially";
    /// Whether the spinner covers the whole page.
    fullscreen / with_fullscreen: bool = "fullscreen";
    /// The properties that it waits for, by the ids of their components; without it, all that is below.
    target_components / with_target_components: Targets = "target_components";
    /// The color of the spinner, as CSS spells it.
    color / with_color: text = "color";
    /// The CSS properties of what it holds, while the spinner is over it.
    overlay_style / with_overlay_style: style = "overlay_style";
    /// The CSS classes of the block around it all.
    parent_class_name / with_parent_class_name: text = "parent_className";
    /// The CSS properties of the block around it all.
    parent_style / with_parent_style: style = "parent_style";
}}
