//! Whether the leaves of a proof hold every schedule between them.

use std::collections::BTreeMap;

use crate::fixings::{Fixings, Key};

/// Most steps of the check: a search tree needs a few for each of its nodes.
const MOST_STEPS: usize = 1_000_000;

/// Whether every way to choose is allowed by at least one leaf.
///
/// Splits by the key that most leaves restrict: for each of its choices, the leaves that allow it, freed of the key,
/// must cover the rest. That is exact for any set of leaves, and quick for the leaves of a tree of splits.
pub(crate) fn cover(leaves: &[Fixings]) -> bool {
    let mut steps = 0;
    let left: Vec<Left> = leaves.iter().map(|leaf| leaf.0.iter().collect()).collect();
    covered(&left, &mut steps)
}

type Left<'a> = BTreeMap<&'a Key, &'a Vec<bool>>;

fn covered(leaves: &[Left], steps: &mut usize) -> bool {
    *steps += 1;
    if leaves.is_empty() || *steps > MOST_STEPS {
        return false;
    }
    let Some(key) = most_restricted(leaves) else { return true };
    let choices = leaves.iter().find_map(|leaf| leaf.get(key)).map_or(0, |left| left.len());
    let allowing = |choice: usize| -> Vec<usize> {
        let allows = |leaf: &Left| leaf.get(key).is_none_or(|left| left[choice]);
        (0..leaves.len()).filter(|index| allows(&leaves[*index])).collect()
    };
    // Choices that the same leaves allow make the same question.
    let mut questions: Vec<Vec<usize>> = (0..choices).map(allowing).collect();
    questions.sort();
    questions.dedup();
    questions.into_iter().all(|question| {
        let freed = question.into_iter().map(|index| {
            let mut leaf = leaves[index].clone();
            leaf.remove(key);
            leaf
        });
        covered(&freed.collect::<Vec<_>>(), steps)
    })
}

/// The key that most leaves restrict; none if some leaf restricts nothing and so covers all.
fn most_restricted<'a>(leaves: &[Left<'a>]) -> Option<&'a Key> {
    let mut counts: BTreeMap<&Key, usize> = BTreeMap::new();
    for leaf in leaves {
        if leaf.is_empty() {
            return None;
        }
        for key in leaf.keys() {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixings::Who;

    fn leaf(fixings: &[(usize, [bool; 3])]) -> Fixings {
        let key = |interval: usize| Key { who: Who::Battery(0), interval };
        Fixings(fixings.iter().map(|(interval, left)| (key(*interval), left.to_vec())).collect())
    }

    const IDLE: [bool; 3] = [true, false, false];
    const BUSY: [bool; 3] = [false, true, true];

    #[test]
    fn a_leaf_without_fixings_covers_and_no_leaf_does_not() {
        assert!(cover(&[leaf(&[])]));
        assert!(!cover(&[]));
        assert!(!cover(&[leaf(&[(0, IDLE)])]));
    }

    #[test]
    fn the_leaves_of_a_tree_cover_and_miss_what_is_taken_from_them() {
        let tree = [
            leaf(&[(3, IDLE), (5, IDLE)]),
            leaf(&[(3, IDLE), (5, BUSY)]),
            leaf(&[(3, BUSY), (4, [true, true, false])]),
            leaf(&[(3, BUSY), (4, [false, false, true]), (7, IDLE)]),
            leaf(&[(3, BUSY), (4, [false, false, true]), (7, BUSY)]),
        ];
        assert!(cover(&tree));
        for missing in 0..tree.len() {
            let mut fewer = tree.to_vec();
            fewer.remove(missing);
            assert!(!cover(&fewer), "without leaf {missing}");
        }
    }

    #[test]
    fn parts_may_overlap_and_need_not_be_a_tree() {
        let overlapping = [leaf(&[(0, [true, true, false])]), leaf(&[(0, [false, true, true])])];
        assert!(cover(&overlapping));
        // Every way has the first idle, the second busy, or the first busy and the second idle.
        assert!(cover(&[leaf(&[(0, IDLE)]), leaf(&[(1, BUSY)]), leaf(&[(0, BUSY), (1, IDLE)])]));
        assert!(!cover(&[leaf(&[(0, IDLE)]), leaf(&[(1, BUSY)])]));
    }

    #[test]
    fn a_deep_tree_is_quick() {
        let path = |depth: usize| (0..depth).map(|interval| (interval, BUSY)).collect::<Vec<_>>();
        let mut leaves: Vec<Fixings> =
            (0..200).map(|depth| leaf(&[path(depth), vec![(depth, IDLE)]].concat())).collect();
        assert!(!cover(&leaves));
        leaves.push(leaf(&path(200)));
        assert!(cover(&leaves));
    }
}
