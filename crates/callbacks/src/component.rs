//! What all components have in common: how their properties are kept, and the tables that define them.
//!
//! A component is defined by one table of its properties, and everything else is made from it: the handles that callbacks use, the
//! setters that layouts use, and the list against which properties named by strings are checked. A row is:
//!
//! ```text
//! /// What it is.
//! value / with_value: (into V) = "value";
//! |       |           |          └ Dash's name
//! |       |           └ its type: `text`, `style`, or a type; `(into T)` and `(each T)` if the setter takes what becomes one `T` or many
//! |       └ the setter
//! └ the handle
//! ```

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::json::{self, Unwritable};
use crate::property::Id;

/// The properties that components of one type have.
#[derive(Debug)]
pub(crate) struct Definition {
    /// As Dash spells it: `Dropdown`.
    pub(crate) name: &'static str,
    pub(crate) properties: &'static [&'static [&'static str]],
}

impl Definition {
    /// The names of all properties.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.properties.iter().copied().flatten().copied()
    }
}

/// An id, or none: it decides whether a component hands out its properties.
pub trait Identity {
    /// The id, if there is one.
    #[doc(hidden)]
    fn into_id(self) -> Option<Id>;
}

/// The id of a component that has one, so that a callback can name its properties.
#[derive(Clone, Debug)]
pub struct Named(pub(crate) Id);

/// The missing id of a component that callbacks cannot name.
#[derive(Clone, Copy, Debug)]
pub struct Anonymous;

impl Identity for Named {
    fn into_id(self) -> Option<Id> {
        Some(self.0)
    }
}

impl Identity for Anonymous {
    fn into_id(self) -> Option<Id> {
        None
    }
}

/// The properties of one component, by Dash's names, in the order in which they were set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Properties(Vec<(Cow<'static, str>, Setting)>);

/// The value of a property in a layout.
#[derive(Clone, Debug)]
pub(crate) enum Setting {
    /// Text that is not written yet, which most properties are.
    Text(Cow<'static, str>),
    Json(Box<RawValue>),
    /// What JSON cannot hold. It is a mistake at the start, or an error of the callback that returns it.
    Unwritable(Unwritable),
}

impl Properties {
    pub(crate) fn set(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: &(impl Serialize + ?Sized),
    ) {
        let setting = json::to_raw(value).map_or_else(Setting::Unwritable, Setting::Json);
        self.put(name.into(), setting);
    }

    pub(crate) fn set_text(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'static, str>>,
    ) {
        self.put(name.into(), Setting::Text(text.into()));
    }

    fn put(&mut self, name: Cow<'static, str>, setting: Setting) {
        match self.0.iter_mut().find(|(set, _)| *set == name) {
            Some((_, before)) => *before = setting,
            None => self.0.push((name, setting)),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Setting)> {
        self.0.iter().map(|(name, setting)| (&**name, setting))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The names in a table.
macro_rules! names {
    ({$($(#[$doc:meta])* $handle:ident / $setter:ident: $kind:tt = $name:literal;)*}) => {
        &[$($name),*]
    };
}

/// The handles of a table, in this `impl`.
macro_rules! handles {
    ([$($component:tt)*] {$($(#[$doc:meta])* $handle:ident / $setter:ident: $kind:tt = $name:literal;)*}) => {
        $($component)* {$(
            $(#[$doc])*
            #[must_use]
            pub fn $handle(&self) -> $crate::Property<$crate::component::value_type!($kind)> {
                self.property($name)
            }
        )*}
    };
}

/// The type of a property's value.
macro_rules! value_type {
    (text) => { String };
    (style) => { serde_json::Map<String, serde_json::Value> };
    ((into $value:ty)) => { $value };
    ((each $value:ty)) => { Vec<$value> };
    ($value:ident) => { $value };
}

/// The setters of a table, in this `impl`.
macro_rules! setters {
    ([$($component:tt)*] {$($(#[$doc:meta])* $handle:ident / $setter:ident: $kind:tt = $name:literal;)*}) => {
        $($component)* {$(
            $crate::component::setter!($setter $kind $name concat!("Sets `", $name, "` in the layout."));
        )*}
    };
}

macro_rules! setter {
    ($setter:ident text $name:literal $doc:expr) => {
        #[doc = $doc]
        #[must_use]
        pub fn $setter(mut self, value: impl Into<std::borrow::Cow<'static, str>>) -> Self {
            self.properties.set_text($name, value);
            self
        }
    };
    ($setter:ident style $name:literal $doc:expr) => {
        #[doc = $doc]
        ///
        /// A CSS property a pair, the names in camel case as in Dash: `[("display", "none")]`.
        #[must_use]
        pub fn $setter<'a>(mut self, style: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
            let style: serde_json::Map<String, serde_json::Value> = style
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect();
            self.properties.set($name, &style);
            self
        }
    };
    ($setter:ident (into $value:ty) $name:literal $doc:expr) => {
        #[doc = $doc]
        #[must_use]
        pub fn $setter(mut self, value: impl Into<$value>) -> Self {
            let value: $value = value.into();
            self.properties.set($name, &value);
            self
        }
    };
    ($setter:ident (each $value:ty) $name:literal $doc:expr) => {
        #[doc = $doc]
        #[must_use]
        pub fn $setter(mut self, values: impl IntoIterator<Item = impl Into<$value>>) -> Self {
            let values: Vec<$value> = values.into_iter().map(Into::into).collect();
            self.properties.set($name, &values);
            self
        }
    };
    ($setter:ident $value:ident $name:literal $doc:expr) => {
        #[doc = $doc]
        #[must_use]
        pub fn $setter(mut self, value: $value) -> Self {
            self.properties.set($name, &value);
            self
        }
    };
}

/// What every component with an id has.
macro_rules! identified {
    ([$($component:tt)*]) => {
        $($component)* {
            /// The component's id.
            #[must_use]
            pub fn id(&self) -> $crate::Id {
                self.id.0.clone()
            }

            fn property<PropertyValue>(&self, name: &'static str) -> $crate::Property<PropertyValue> {
                $crate::Property::of_table(self.id.0.clone(), name)
            }
        }
    };
}

/// What every component that can be seen has: this table, and what depends on no table.
macro_rules! everyday {
    ([$($handles:tt)*] [$($setters:tt)*]) => {
        $crate::component::everyday! { @table [$($handles)*] [$($setters)*] {
            /// The CSS classes.
            class_name / with_class_name: text = "className";
            /// The CSS properties, by their names in camel case.
            style / with_style: style = "style";
            /// The text that appears when the pointer rests on the component.
            title / with_title: text = "title";
            /// Whether the component is not shown.
            hidden / with_hidden: bool = "hidden";
            /// The place in the order of the Tab key.
            tab_index / with_tab_index: i64 = "tabIndex";
        } }
    };
    (@table [$($handles:tt)*] [$($setters:tt)*] $table:tt) => {
        const EVERYDAY: &[&str] = $crate::component::names!($table);
        $crate::component::handles! { [$($handles)*] $table }
        $crate::component::setters! { [$($setters)*] $table }

        $crate::component::identified! { [$($handles)*] }

        $($handles)* {
            /// An attribute that has no handle of its own, such as `data-*` or `aria-*`: the counterpart of
            /// [`with_attribute`](Self::with_attribute).
            #[must_use]
            pub fn attribute(&self, name: &'static str) -> $crate::Property<serde_json::Value> {
                $crate::Property::new(self.id.0.clone(), name)
            }
        }

        $($setters)* {
            /// Sets the CSS classes, Dash's `className`.
            #[must_use]
            pub fn class(self, classes: impl Into<std::borrow::Cow<'static, str>>) -> Self {
                self.with_class_name(classes)
            }

            /// Sets an attribute that has no setter of its own, as Dash spells it: `data-*`, `aria-*`, or one of this component alone.
            #[must_use]
            pub fn with_attribute(
                mut self,
                name: impl Into<std::borrow::Cow<'static, str>>,
                value: impl serde::Serialize,
            ) -> Self {
                self.properties.set(name, &value);
                self
            }
        }
    };
}

pub(crate) use {everyday, handles, identified, names, setter, setters, value_type};
