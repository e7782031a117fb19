//! Tuples that grow at their end: the parameters of a callback, read one after the other.

/// A tuple of up to 12 values.
pub trait Tuple: Sized {
    /// The same with one value more.
    type Push<V>: Tuple;

    /// Adds a value.
    #[doc(hidden)]
    fn push<V>(self, value: V) -> Self::Push<V>;
}

impl Tuple for () {
    type Push<V> = (V,);

    fn push<V>(self, value: V) -> (V,) {
        (value,)
    }
}

/// A tuple of 12 is the longest that a callback has: there are 12 arguments at most, so that nothing is ever added to one.
impl<A, B, C, D, E, F, G, H, I, J, K, L> Tuple for (A, B, C, D, E, F, G, H, I, J, K, L) {
    type Push<V> = Self;

    fn push<V>(self, _: V) -> Self {
        self
    }
}

macro_rules! tuples {
    ($(($kind:ident $value:ident))+) => {
        impl<$($kind),+> Tuple for ($($kind,)+) {
            type Push<Next> = ($($kind,)+ Next,);

            fn push<Next>(self, next: Next) -> Self::Push<Next> {
                let ($($value,)+) = self;
                ($($value,)+ next,)
            }
        }
    };
}

tuples!((A a));
tuples!((A a) (B b));
tuples!((A a) (B b) (C c));
tuples!((A a) (B b) (C c) (D d));
tuples!((A a) (B b) (C c) (D d) (E e));
tuples!((A a) (B b) (C c) (D d) (E e) (F f));
tuples!((A a) (B b) (C c) (D d) (E e) (F f) (G g));
tuples!((A a) (B b) (C c) (D d) (E e) (F f) (G g) (H h));
tuples!((A a) (B b) (C c) (D d) (E e) (F f) (G g) (H h) (I i));
tuples!((A a) (B b) (C c) (D d) (E e) (F f) (G g) (H h) (I i) (J j));
tuples!((A a) (B b) (C c) (D d) (E e) (F f) (G g) (H h) (I i) (J j) (K k));
