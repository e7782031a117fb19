//! What the components of `dcc` have in common.

/// A component with an id, from the table of its properties. Further tables are for one type of value alone.
///
/// `seen` components also have the everyday properties; an `unseen` one is nowhere on the page.
macro_rules! component {
    ($(#[$doc:meta])* seen $component:ident $(<$value:ident>)?: $table:tt $(only <$only:ty> $own:tt)*) => {
        $crate::component::everyday! {
            [impl $(<$value>)? $component $(<$value>)?]
            [impl $(<$value: serde::Serialize>)? $component $(<$value>)?]
        }
        component! { @rest [$(#[$doc])*] [EVERYDAY,] $component $(<$value>)?: $table $(only <$only> $own)* }
    };
    ($(#[$doc:meta])* unseen $component:ident $(<$value:ident>)?: $table:tt) => {
        $crate::component::identified! { [impl $(<$value>)? $component $(<$value>)?] }
        component! { @rest [$(#[$doc])*] [] $component $(<$value>)?: $table }
    };
    (@rest [$(#[$doc:meta])*] [$($everyday:tt)*] $component:ident $(<$value:ident>)?: $table:tt $(only <$only:ty> $own:tt)*) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $component $(<$value = String>)? {
            id: $crate::component::Named,
            properties: $crate::component::Properties,
            $(value: std::marker::PhantomData<fn() -> $value>)?
        }

        $crate::component::handles! { [impl $(<$value>)? $component $(<$value>)?] $table }
        $crate::component::setters! { [impl $(<$value: serde::Serialize>)? $component $(<$value>)?] $table }
        $(
            $crate::component::handles! { [impl $component<$only>] $own }
            $crate::component::setters! { [impl $component<$only>] $own }
        )*

        impl $(<$value>)? $component $(<$value>)? {
            pub(crate) const DEFINITION: $crate::component::Definition = $crate::component::Definition {
                name: stringify!($component),
                properties: &[
                    &["id"],
                    $($everyday)*
                    $crate::component::names!($table),
                    $($crate::component::names!($own)),*
                ],
            };

            fn with_id(id: impl Into<$crate::Id>) -> Self {
                Self {
                    id: $crate::component::Named(id.into()),
                    properties: $crate::component::Properties::default(),
                    $(value: std::marker::PhantomData::<fn() -> $value>)?
                }
            }
        }

        // Derived, it would ask the same of the type of the value.
        impl $(<$value>)? Clone for $component $(<$value>)? {
            fn clone(&self) -> Self {
                Self {
                    id: self.id.clone(),
                    properties: self.properties.clone(),
                    $(value: std::marker::PhantomData::<fn() -> $value>)?
                }
            }
        }

        impl $(<$value>)? $crate::Component for $component $(<$value>)? {
            fn into_node(self) -> $crate::Node {
                let name = Self::DEFINITION.name;
                $crate::Node::of("dash_core_components", name, Some(self.id.0), None, self.properties)
            }
        }
    };
}

/// The label of a component that a person fills in.
macro_rules! label {
    ([$($component:tt)*]) => {
        $($component)* {
            /// An `html.Label` for this component: a click on it puts the focus here, and a screen reader reads it out.
            #[must_use]
            pub fn label(
                &self,
                words: impl $crate::IntoChildren,
            ) -> $crate::html::Element<$crate::html::tag::Label> {
                $crate::html::label(words).with_html_for(self.id())
            }
        }
    };
}

pub(super) use {component, label};
