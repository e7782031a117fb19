//! How a component is defined: its properties, once, in one place.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::property::Id;

/// The properties of one component, by Dash's names, in the order in which they were set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Props(Map<String, Value>);

impl Props {
    pub(crate) fn with_id(id: Id) -> Self {
        let mut props = Self::default();
        props.set("id", id);
        props
    }

    /// Sets a property. A value that JSON cannot hold becomes null, as in Dash.
    pub(crate) fn set(&mut self, name: &str, value: impl Serialize) {
        let value = serde_json::to_value(value).unwrap_or_default();
        self.0.insert(name.to_owned(), value);
    }

    pub(crate) fn into_component(self, namespace: &str, name: &str) -> Value {
        let mut component = Map::with_capacity(3);
        component.insert("props".into(), Value::Object(self.0));
        component.insert("type".into(), name.into());
        component.insert("namespace".into(), namespace.into());
        Value::Object(component)
    }
}

/// The properties that components of one type have.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    pub(crate) properties: &'static [&'static str],
}

/// Defines a component of `dash_core_components`. Each line is one property:
///
/// ```text
/// /// What it is.
/// value / with_value: String = "value";
/// └ gives its handle          └ Dash's name
///         └ sets it in the layout
/// ```
macro_rules! component {
    (
        $(#[$doc:meta])*
        $component:ident $(<$value:ident>)? $(holding $children:literal)? {
            $($(#[$property_doc:meta])* $handle:ident / $setter:ident: $type:ty = $name:literal;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $component $(<$value = String>)? {
            id: $crate::Id,
            props: $crate::component::Props,
            $(value: std::marker::PhantomData<fn() -> $value>)?
        }

        impl $(<$value: serde::Serialize>)? $component $(<$value>)? {
            pub(crate) const DEFINITION: $crate::component::Definition = $crate::component::Definition {
                name: stringify!($component),
                properties: &["id", $($children,)? $($name),*],
            };

            fn with_id(id: impl Into<$crate::Id>) -> Self {
                let id = id.into();
                Self {
                    props: $crate::component::Props::with_id(id.clone()),
                    id,
                    $(value: std::marker::PhantomData::<fn() -> $value>)?
                }
            }

            $(
                $(#[$property_doc])*
                #[must_use]
                pub fn $handle(&self) -> $crate::Property<$type> {
                    $crate::Property::new(self.id.clone(), $name)
                }

                #[doc = concat!("Sets [`", stringify!($handle), "`](Self::", stringify!($handle), ") in the layout.")]
                #[must_use]
                pub fn $setter(mut self, value: impl Into<$type>) -> Self {
                    self.props.set($name, value.into());
                    self
                }
            )*
        }

        impl $(<$value: serde::Serialize>)? $crate::Component for $component $(<$value>)? {
            fn into_json(self) -> serde_json::Value {
                self.props.into_component("dash_core_components", Self::DEFINITION.name)
            }
        }
    };
}

pub(crate) use component;
