//! `dash.dcc`: the components that hold more than HTML does.
//!
//! Each is defined in a file of its own by one table of its properties; `dcc.rs` lists them. A component's `new` takes its id.

mod component;
mod dropdown;
mod graph;
mod input;
mod loading;
mod store;

pub use dropdown::{Choice, Dropdown};
pub use graph::{Figure, Graph};
pub use input::{Debounce, Input, TextKind};
pub use loading::{Loading, loading};
pub use store::{StorageType, Store, UnknownStorageType};

use crate::component::Definition;

/// The properties of each component, against which those named by strings are checked when the app starts.
pub(crate) const DEFINITIONS: &[Definition] = &[
    Dropdown::<String>::DEFINITION,
    Graph::DEFINITION,
    Input::<String>::DEFINITION,
    loading::DEFINITION,
    Store::<()>::DEFINITION,
];
