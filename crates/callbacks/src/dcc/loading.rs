//! `dcc.Loading`: shows that something below it is being computed.

use serde_json::Value;

use crate::children::{Children, Component, IntoChildren};
use crate::component::{Props, component};
use crate::property::{Id, Property};

component! {
    /// `dcc.Loading`: a spinner while a component below it waits for a callback.
    ///
    /// [`loading`] makes one without an id.
    Loading holding "children" {
        /// The spinner: `graph`, `cube`, `circle`, `dot` or `default`; this project draws all of them as one ring.
        kind / with_kind: String = "type";
        /// For how many milliseconds a component must wait before the spinner appears.
        delay_show / with_delay_show: u64 = "delay_show";
        /// For how many milliseconds the spinner stays at least.
        delay_hide / with_delay_hide: u64 = "delay_hide";
        /// `auto`, or always `show` or `hide`.
        display / with_display: String = "display";
        /// Whether it spins before the first callback has run. It does, unless this is set to `false`.
        show_initially / with_show_initially: bool = "show_initially";
        /// The color of the spinner, as CSS spells it.
        color / with_color: String = "color";
        /// The CSS classes of the spinner.
        class_name / with_class_name: String = "className";
        /// The CSS classes of the block around it all.
        parent_class_name / with_parent_class_name: String = "parent_className";
    }
}

impl Loading {
    /// An empty one with this id.
    pub fn new(id: impl Into<Id>) -> Self {
        Self::with_id(id)
    }

    /// Puts these children into it.
    #[must_use]
    pub fn with_children(mut self, children: impl IntoChildren) -> Self {
        self.props
            .set("children", children.into_children().into_json());
        self
    }

    /// What it holds.
    #[must_use]
    pub fn children(&self) -> Property<Children> {
        Property::new(self.id.clone(), "children")
    }
}

/// A [`Loading`] without an id, around these children.
pub fn loading(children: impl IntoChildren) -> impl Component {
    let mut props = Props::default();
    props.set("children", children.into_children().into_json());
    Anonymous(props)
}

struct Anonymous(Props);

impl Component for Anonymous {
    fn into_json(self) -> Value {
        self.0.into_component("dash_core_components", "Loading")
    }
}
