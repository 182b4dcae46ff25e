//! Stable sorting whose code exists once, whatever is sorted: the standard library's is made anew for every type, which was
//! a tenth of the page's download. It costs three numbers for each thing that is sorted, and one more move.

use std::cmp::Ordering;

/// Sorts by what a function says of each thing; equal ones keep their order.
pub fn sort_by_key<T, K: Ord>(all: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(all, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by a comparison; equal ones keep their order.
pub fn sort_by<T>(all: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let places = sorted(all.len(), &|a, b| match (all.get(a), all.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    apply(places, &mut |a, b| all.swap(a, b));
}

/// Which of `count` things stands where: the place of the first, of the second, and so on, once they are sorted.
fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order = (0..count).collect::<Vec<_>>();
    order.sort_by(|a, b| compare(*a, *b));
    let mut places = vec![0; count];
    for (place, thing) in order.into_iter().enumerate() {
        if let Some(its) = places.get_mut(thing) {
            *its = place;
        }
    }
    places
}

/// Brings everything to its place; each exchange brings one thing there for good.
fn apply(mut places: Vec<usize>, exchange: &mut dyn FnMut(usize, usize)) {
    for at in 0..places.len() {
        while let Some(to) = places.get(at).copied().filter(|to| *to != at) {
            exchange(at, to);
            places.swap(at, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn things_are_sorted_as_the_standard_library_sorts_them(keys in prop::collection::vec(0_u8..20, 0..200)) {
            let mut ours = keys.into_iter().zip(0_usize..).collect::<Vec<_>>();
            let mut theirs = ours.clone();
            sort_by_key(&mut ours, |(key, _)| *key);
            theirs.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(&ours, &theirs);
            sort_by(&mut ours, |a, b| b.1.cmp(&a.1));
            theirs.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
            prop_assert_eq!(ours, theirs);
        }
    }
}
