//! Mistakes on the command line that clap cannot see, and the names that were probably meant.

/// A mistake on the command line. The program ends with 2, as it does for clap's own.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

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

    #[test]
    fn a_name_finds_those_that_were_probably_meant_the_likeliest_first() {
        let names = [
            "global-variable",
            "option2",
            "option2-inputs",
            "option3",
            "hidden-div",
        ];
        for (wanted, near) in [
            ("glbal-varaible", &["global-variable"][..]),
            ("Hidden_Div", &["hidden-div"]),
            ("option22", &["option2", "option3"]),
            ("global", &["global-variable"]),
            ("zzz", &[]),
            ("", &[]),
        ] {
            assert_eq!(nearest(wanted, names), near, "{wanted}");
        }
    }
}
