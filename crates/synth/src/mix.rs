//! Which devices the homes of a fleet have, and the words for it.

use std::fmt;
use std::str::FromStr;

use offpeak_domain::InvalidInput;

/// Which devices the homes of a fleet have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mix {
    /// Customers of a dynamic tariff: at least one flexible device, by documented shares.
    Realistic,
    /// Every home has PV, battery, one or two EVs that can switch phases, a heat pump for rooms and hot water, and an appliance.
    Full,
    /// A battery and an EV, mostly with PV.
    BatteryEv,
    /// An EV alone.
    EvOnly,
    /// A battery with PV alone.
    BatteryOnly,
    /// A heat pump for rooms and hot water alone.
    PumpOnly,
}

impl Mix {
    /// Every mix, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Realistic, Self::Full, Self::BatteryEv, Self::EvOnly, Self::BatteryOnly, Self::PumpOnly];

    /// The word for it, which [`Mix::from_str`] reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Realistic => "realistic",
            Self::Full => "full",
            Self::BatteryEv => "battery-ev",
            Self::EvOnly => "ev-only",
            Self::BatteryOnly => "battery-only",
            Self::PumpOnly => "pump-only",
        }
    }

    /// What its homes have, in a line for people who choose.
    pub fn about(self) -> &'static str {
        match self {
            Self::Realistic => "Customers of a dynamic tariff, devices by documented shares",
            Self::Full => "Every home has every device",
            Self::BatteryEv => "A battery and an EV",
            Self::EvOnly => "An EV alone",
            Self::BatteryOnly => "A battery with PV alone",
            Self::PumpOnly => "A heat pump for rooms and hot water alone",
        }
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Mix {
    type Err = InvalidInput;

    fn from_str(word: &str) -> Result<Self, InvalidInput> {
        Self::ALL.into_iter().find(|mix| mix.name() == word).ok_or_else(|| {
            let allowed = format!("must be one of {}", Self::ALL.map(Self::name).join(", "));
            InvalidInput::new("mix", word.to_owned(), allowed)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mix_has_a_word_of_its_own_that_is_read_back() {
        for mix in Mix::ALL {
            assert_eq!(mix.to_string().parse::<Mix>(), Ok(mix));
        }
        let error = "ev".parse::<Mix>().expect_err("no mix").to_string();
        assert!(error.contains("ev") && error.contains("battery-ev, ev-only"), "{error}");
    }
}
