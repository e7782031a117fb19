//! The one table of how many arguments and outputs a callback may have.

/// Calls another macro with the first of twelve triples, then with the first two, and so on to all twelve.
///
/// Each triple is a type, the type of what a callback returns for it, and a variable: a macro takes what it needs.
macro_rules! one_to_twelve {
    ($implement:ident) => {
        crate::arity::one_to_twelve!(@ $implement []
            (A RA a) (B RB b) (C RC c) (D RD d) (E RE e) (F RF f)
            (G RG g) (H RH h) (I RI i) (J RJ j) (K RK k) (L RL l));
    };
    (@ $implement:ident [$($before:tt)*]) => {};
    (@ $implement:ident [$($before:tt)*] $next:tt $($after:tt)*) => {
        $implement!($($before)* $next);
        crate::arity::one_to_twelve!(@ $implement [$($before)* $next] $($after)*);
    };
}

pub(crate) use one_to_twelve;
