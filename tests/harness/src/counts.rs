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
    /// The test gives its apps what workers it wants, and is run once.
    Once,
}

impl Workers {
    /// The numbers for which the claim holds, and for each whether it is tried in this run.
    pub(crate) fn counts(self) -> Vec<(usize, bool)> {
        let chosen = env::var("E2E_WORKERS").map_or(USUAL.to_vec(), |list| parse(&list));
        self.among(&chosen)
    }

    fn among(self, chosen: &[usize]) -> Vec<(usize, bool)> {
        let mut counts = [&USUAL, chosen].concat();
        counts.retain(|&count| self.includes(count));
        counts.sort_unstable();
        counts.dedup();
        let tried = |count| (count, chosen.contains(&count));
        counts.into_iter().map(tried).collect()
    }

    fn includes(self, count: usize) -> bool {
        match self {
            Self::One => count == 1,
            Self::Several => count > 1,
            Self::Any => true,
            Self::Once => false,
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
    fn a_claim_is_tried_with_the_chosen_numbers_and_the_usual_ones_are_not_forgotten() {
        let chosen = parse("1, 2,4");
        let several = [(2, true), (4, true), (8, false)];
        assert_eq!(Workers::One.among(&chosen), [(1, true)]);
        assert_eq!(Workers::Several.among(&chosen), several);
        assert_eq!(
            Workers::Any.among(&chosen),
            [&[(1, true)], &several[..]].concat()
        );
        assert_eq!(Workers::One.among(&[8]), [(1, false)]);
    }

    #[test]
    #[should_panic(expected = "E2E_WORKERS is \"1,0\": expected numbers of workers")]
    fn no_workers_are_no_server() {
        parse("1,0");
    }
}
