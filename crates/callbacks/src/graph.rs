//! Which callbacks depend on which.

use std::collections::{HashMap, HashSet};

use crate::callback::Callback;
use crate::property::Dependency;

/// For each callback, by its place in the app's list, those that have one of its outputs as an input.
///
/// A property that is an output and an input of the same callback does not make it depend on itself, and a `State` makes nothing depend on
/// anything; both as in Dash.
pub(crate) struct Graph {
    dependants: Vec<Vec<usize>>,
}

impl Graph {
    pub(crate) fn new(callbacks: &[Callback]) -> Self {
        let mut readers: HashMap<&Dependency, Vec<usize>> = HashMap::new();
        for (index, callback) in callbacks.iter().enumerate() {
            for input in &callback.declaration.inputs {
                readers.entry(input).or_default().push(index);
            }
        }
        let dependants = callbacks.iter().enumerate().map(|(index, callback)| {
            let mut next: Vec<usize> = callback
                .declaration
                .outputs
                .iter()
                .filter_map(|output| readers.get(output))
                .flatten()
                .copied()
                .filter(|reader| *reader != index)
                .collect();
            next.sort_unstable();
            next.dedup();
            next
        });
        Self {
            dependants: dependants.collect(),
        }
    }

    pub(crate) fn dependants(&self, callback: usize) -> &[usize] {
        &self.dependants[callback]
    }

    /// The callbacks on which this one depends directly.
    pub(crate) fn sources(&self, callback: usize) -> impl Iterator<Item = usize> {
        let depends = move |(source, dependants): (usize, &Vec<usize>)| {
            dependants.contains(&callback).then_some(source)
        };
        self.dependants.iter().enumerate().filter_map(depends)
    }

    /// The first circle of callbacks that wait for each other, if there is one; its first callback is its last one too.
    pub(crate) fn circle(&self) -> Option<Vec<usize>> {
        let mut done = HashSet::new();
        (0..self.dependants.len()).find_map(|start| self.follow(start, &mut Vec::new(), &mut done))
    }

    /// Follows what depends on a callback, until it meets one that is on the path already.
    fn follow(
        &self,
        at: usize,
        path: &mut Vec<usize>,
        done: &mut HashSet<usize>,
    ) -> Option<Vec<usize>> {
        if let Some(start) = path.iter().position(|index| *index == at) {
            let mut circle = path.split_off(start);
            circle.push(at);
            return Some(circle);
        }
        if !done.insert(at) {
            return None;
        }
        path.push(at);
        let found = self
            .dependants(at)
            .iter()
            .find_map(|next| self.follow(*next, path, done));
        path.pop();
        found
    }
}
