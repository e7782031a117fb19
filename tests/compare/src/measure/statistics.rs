//! What many measurements say together.

/// The value below which so many hundredths of the values lie: the nearest of them, none in between.
///
/// # Panics
///
/// When there are no values.
pub(super) fn percentile(values: &[f64], hundredths: u8) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    let rank = (values.len() * usize::from(hundredths)).div_ceil(100);
    values[rank.clamp(1, values.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        for (hundredths, value) in [(0, 1.0), (50, 100.0), (99, 198.0), (100, 200.0)] {
            assert_eq!(percentile(&values, hundredths), value);
        }
        assert_eq!(percentile(&[0.5], 50), 0.5);
        assert_eq!(percentile(&[4.0, 1.0, 3.0, 2.0], 50), 2.0);
    }
}
