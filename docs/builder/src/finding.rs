//! What is wrong with the book, and where.

use std::fmt;

/// A line of a file in the repository. Line 0 stands for the whole file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// As seen from the repository's root.
    pub(crate) path: String,
    /// Counted from 1, in the file as it is written.
    pub(crate) line: usize,
}

/// Something that a reader of the book would stumble over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) place: Place,
    /// What is wrong, and what to do.
    pub(crate) message: String,
}

impl Place {
    pub(crate) fn new(path: impl Into<String>, line: usize) -> Self {
        let path = path.into();
        Self { path, line }
    }

    pub(crate) fn finding(self, message: impl Into<String>) -> Finding {
        Finding {
            place: self,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { path, line } = &self.place;
        match line {
            0 => write!(f, "{path}: {}", self.message),
            line => write!(f, "{path}:{line}: {}", self.message),
        }
    }
}
