//! The choices that a leaf leaves open.

use std::collections::BTreeMap;

use offpeak_domain::{Fixed, Fixing, Home};

use crate::refuted::Refuted;

/// Whose choice, in which interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) who: Who,
    pub(crate) interval: usize,
}

/// Who chooses one of a few ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// Idle, charge, discharge.
    Battery(usize),
    /// Idle, the joined modes, discharge.
    Ev(usize),
    /// Idle, rooms, hot water.
    Compressor(usize),
    /// Import, export.
    Meter,
}

/// Which choices are left, for every key that a leaf restricts.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Fixings(pub(crate) BTreeMap<Key, Vec<bool>>);

impl Fixings {
    /// The fixings of a leaf, checked against the home; what is fixed twice is left only where both leave it.
    pub(crate) fn of(home: &Home, leaf: usize, fixings: &[Fixing]) -> Result<Self, Refuted> {
        let mut all: BTreeMap<Key, Vec<bool>> = BTreeMap::new();
        for fixing in fixings {
            let (who, left) = choices(&fixing.what);
            let known = fixing.interval < home.horizon.len() && left.len() == choice_count(home, who);
            if !known {
                return Err(Refuted::UnknownFixing { leaf, fixing: Box::new(fixing.clone()) });
            }
            let key = Key { who, interval: fixing.interval };
            let before = all.entry(key).or_insert_with(|| vec![true; left.len()]);
            for (before, left) in before.iter_mut().zip(left) {
                *before &= left;
            }
        }
        all.retain(|_, left| !left.iter().all(|left| *left));
        Ok(Self(all))
    }

    /// Whether `who` may still take its choice of number `choice` in `interval`.
    pub(crate) fn allow(&self, who: Who, interval: usize, choice: usize) -> bool {
        self.0.get(&Key { who, interval }).is_none_or(|left| left[choice])
    }
}

fn choices(what: &Fixed) -> (Who, Vec<bool>) {
    match what {
        Fixed::Battery { index, idle, charge, discharge } => {
            (Who::Battery(*index), vec![*idle, *charge, *discharge])
        }
        Fixed::Ev { index, idle, modes, discharge } => {
            (Who::Ev(*index), [&[*idle][..], &modes[..], &[*discharge]].concat())
        }
        Fixed::Compressor { index, idle, rooms, hot_water } => {
            (Who::Compressor(*index), vec![*idle, *rooms, *hot_water])
        }
        Fixed::Direction { import, export } => (Who::Meter, vec![*import, *export]),
    }
}

/// How many choices `who` has in any interval; 0 if there is no such device.
fn choice_count(home: &Home, who: Who) -> usize {
    match who {
        Who::Battery(index) if index < home.batteries.len() => 3,
        Who::Ev(index) => home.evs.get(index).map_or(0, |ev| ev.joined_modes().len() + 2),
        Who::Compressor(index) if index < home.heat_pumps.len() => 3,
        Who::Meter => 2,
        Who::Battery(_) | Who::Compressor(_) => 0,
    }
}
