//! The properties that a callback is declared with, as `/_dash-dependencies` lists them.

use crate::property::Dependency;

/// A callback's declaration, apart from its function.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// The function's path, for people: `global_variable::update_output`.
    pub(crate) function: &'static str,
    pub(crate) outputs: Vec<Dependency>,
    pub(crate) several_outputs: bool,
    pub(crate) inputs: Vec<Dependency>,
    pub(crate) state: Vec<Dependency>,
}

impl Declaration {
    /// What names a callback on the wire: `a.children`, or `..a.children...b.children..` for several outputs.
    pub(crate) fn key(&self) -> String {
        let names: Vec<String> = self.outputs.iter().map(ToString::to_string).collect();
        if self.several_outputs {
            format!("..{}..", names.join("..."))
        } else {
            names.concat()
        }
    }

    /// The outputs for people: `` `a.children` and `b.children` ``.
    pub(crate) fn outputs_in_words(&self) -> String {
        let names: Vec<String> = self.outputs.iter().map(ToString::to_string).collect();
        match names.split_last() {
            Some((last, first)) if !first.is_empty() => {
                format!("`{}` and `{last}`", first.join("`, `"))
            }
            _ => format!("`{}`", names.concat()),
        }
    }
}
