//! Numbers as short as people say them.

/// Such as `730 B`, `4.1 kB`, `100 kB`, `2.05 MB`: thousands as people who sell disks count them.
pub(crate) fn bytes(bytes: u64) -> String {
    let (divisor, unit) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..999_500 => (1e3, "kB"),
        _ => (1e6, "MB"),
    };
    format!("{} {unit}", three_digits(bytes as f64 / divisor))
}

/// Such as `0.31 ms`, `4.2 ms`, `101 ms`.
pub(crate) fn milliseconds(time: f64) -> String {
    format!("{} ms", three_digits(time))
}

/// Such as `5.4 MiB`.
pub(crate) fn mebibytes(kibibytes: u64) -> String {
    format!("{:.1} MiB", kibibytes as f64 / 1024.0)
}

/// No more digits than a second run would give again.
fn three_digits(number: f64) -> String {
    let digits = match number {
        100.0.. => return format!("{number:.0}"),
        10.0.. => 1,
        _ => 2,
    };
    let text = format!("{number:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_and_a_unit() {
        for (number, text) in [
            (730, "730 B"),
            (1_000, "1 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (2_048_000, "2.05 MB"),
            (12_345_678, "12.3 MB"),
        ] {
            assert_eq!(bytes(number), text);
        }
        assert_eq!(milliseconds(0.3114), "0.31 ms");
        assert_eq!(milliseconds(101.23), "101 ms");
        assert_eq!(mebibytes(5_530), "5.4 MiB");
    }
}
