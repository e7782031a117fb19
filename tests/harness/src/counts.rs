//! Under how many workers a claim is tested.

use std::env;

/// The numbers that are tried unless `E2E_WORKERS` names others: the lessons' own.
const USUAL: [usize; 2] = [1, 8];

/// Under how many workers a claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workers {
    /// Under one alone.
    One,
    /// Under more than one.
    Several,
    /// Under any number.
    Any,
}

impl Workers {
    /// The numbers of this run for which the claim holds.
    ///
    /// # Panics
    ///
    /// When `E2E_WORKERS` is not a list of numbers.
    pub(crate) fn counts(self) -> Vec<usize> {
        let counts = env::var("E2E_WORKERS").map_or(USUAL.to_vec(), |list| parse(&list));
        counts
            .into_iter()
            .filter(|&count| self.includes(count))
            .collect()
    }

    fn includes(self, count: usize) -> bool {
        match self {
            Self::One => count == 1,
            Self::Several => count > 1,
            Self::Any => true,
        }
    }
}

fn parse(list: &str) -> Vec<usize> {
    let parse = |count: &str| count.trim().parse().ok().filter(|&count| count > 0);
    list.split(',')
        .map(|count| {
            parse(count).unwrap_or_else(|| {
                panic!("E2E_WORKERS is {list:?}: expected numbers of workers with commas between them, such as 1,8")
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_for_several_is_tried_with_each_number_above_one() {
        let tried = |claim: Workers| {
            parse("1, 2,8")
                .into_iter()
                .filter(|&n| claim.includes(n))
                .collect::<Vec<_>>()
        };
        assert_eq!(tried(Workers::One), [1]);
        assert_eq!(tried(Workers::Several), [2, 8]);
        assert_eq!(tried(Workers::Any), [1, 2, 8]);
    }

    #[test]
    #[should_panic(expected = "E2E_WORKERS is \"1,none\": expected numbers of workers")]
    fn a_word_is_no_number() {
        parse("1,none");
    }

    #[test]
    #[should_panic(expected = "E2E_WORKERS is \"0\"")]
    fn no_workers_are_no_server() {
        parse("0");
    }
}
