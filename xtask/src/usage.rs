//! Mistakes on the command line that clap cannot see, and the names that were probably meant.

/// A mistake on the command line. The program ends with 2, as it does for clap's own.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);

/// The names that `wanted` was probably meant to be, the likeliest first, at most three.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let distance = strsim::damerau_levenshtein(&wanted, name);
            let misspelt = distance <= name.len() / 3;
            let shortened = wanted.len() >= 3 && name.contains(wanted.as_str());
            (misspelt || shortened).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().map(|(_, name)| name).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = [
        "global-variable",
        "option2",
        "option2-inputs",
        "option3",
        "hidden-div",
    ];

    #[test]
    fn a_misspelt_name_finds_the_right_one() {
        assert_eq!(nearest("glbal-varaible", NAMES), ["global-variable"]);
        assert_eq!(nearest("Hidden_Div", NAMES), ["hidden-div"]);
    }

    #[test]
    fn the_likeliest_comes_first() {
        assert_eq!(nearest("option22", NAMES), ["option2", "option3"]);
    }

    #[test]
    fn a_part_of_a_name_finds_it() {
        assert_eq!(nearest("global", NAMES), ["global-variable"]);
    }

    #[test]
    fn nothing_is_suggested_for_a_name_that_resembles_none() {
        assert_eq!(nearest("zzz", NAMES), [""; 0]);
        assert_eq!(nearest("", NAMES), [""; 0]);
    }
}
