//! Whether multipliers fit the home and lie in their ranges.

use offpeak_domain::{Home, Multipliers, Pivot, PumpPrices};

use crate::refuted::Refuted;

/// How far the sum of a peak charge's multipliers may exceed its price by rounding, as a share of the price.
const ROUNDING: f64 = 1e-6;

/// The largest multiplier: no sum of such leaves the numbers.
const MOST: f64 = 1e9;

/// Checks counts and ranges of `multipliers`.
pub(crate) fn check(home: &Home, multipliers: &Multipliers, leaf: usize) -> Result<(), Refuted> {
    let check = Check { home, leaf };
    check.pivot(multipliers.pivot)?;
    check.stores(multipliers)?;
    check.pumps(multipliers)?;
    check.count("appliance prices", multipliers.appliances.len(), home.appliances.len())?;
    for (index, prices) in multipliers.appliances.iter().enumerate() {
        check.prices(&format!("appliance {index}"), prices, true)?;
    }
    check.peaks(multipliers)?;
    check.start_caps(multipliers)
}

struct Check<'a> {
    home: &'a Home,
    leaf: usize,
}

impl Check<'_> {
    fn pivot(&self, pivot: Option<Pivot>) -> Result<(), Refuted> {
        let (index, count, kind) = match pivot {
            None => return Ok(()),
            Some(Pivot::Battery(index)) => (index, self.home.batteries.len(), "battery"),
            Some(Pivot::Ev(index)) => (index, self.home.evs.len(), "EV"),
            Some(Pivot::HeatPump(index)) => (index, self.home.heat_pumps.len(), "heat pump"),
        };
        if index < count {
            return Ok(());
        }
        Err(Refuted::UnknownPivot { leaf: self.leaf, pivot: format!("{kind} {index}") })
    }

    fn stores(&self, multipliers: &Multipliers) -> Result<(), Refuted> {
        let Self { home, .. } = self;
        self.count("battery prices", multipliers.batteries.len(), home.batteries.len())?;
        self.count("EV prices", multipliers.evs.len(), home.evs.len())?;
        for (index, prices) in multipliers.batteries.iter().enumerate() {
            let priced = multipliers.pivot != Some(Pivot::Battery(index));
            self.prices(&format!("battery {index} charge"), &prices.charge, priced)?;
            self.prices(&format!("battery {index} discharge"), &prices.discharge, priced)?;
        }
        for (index, (ev, prices)) in home.evs.iter().zip(&multipliers.evs).enumerate() {
            let priced = multipliers.pivot != Some(Pivot::Ev(index));
            self.prices(&format!("EV {index} charge"), &prices.charge, priced)?;
            let discharges = priced && ev.discharge.is_some();
            self.prices(&format!("EV {index} discharge"), &prices.discharge, discharges)?;
        }
        Ok(())
    }

    fn pumps(&self, multipliers: &Multipliers) -> Result<(), Refuted> {
        let pumps = &self.home.heat_pumps;
        self.count("heat pump prices", multipliers.heat_pumps.len(), pumps.len())?;
        for (index, (pump, prices)) in pumps.iter().zip(&multipliers.heat_pumps).enumerate() {
            let PumpPrices { rooms, hot_water, backup, immersion, serve } = prices;
            let is_pivot = multipliers.pivot == Some(Pivot::HeatPump(index));
            let (has_rooms, has_water) = (pump.rooms.is_some(), pump.hot_water.is_some());
            let water_priced = has_water && (has_rooms || !is_pivot);
            let name = |port: &str| format!("heat pump {index} {port}");
            self.prices(&name("rooms"), rooms, has_rooms && !is_pivot)?;
            self.prices(&name("backup"), backup, has_rooms && !is_pivot)?;
            self.prices(&name("hot water"), hot_water, water_priced)?;
            self.prices(&name("immersion"), immersion, water_priced)?;
            self.prices(&name("serve"), serve, has_rooms && has_water)?;
        }
        Ok(())
    }

    fn peaks(&self, multipliers: &Multipliers) -> Result<(), Refuted> {
        let charges = &self.home.grid.peak_charges;
        self.count("peak multipliers", multipliers.peaks.len(), charges.len())?;
        for (index, (charge, values)) in charges.iter().zip(&multipliers.peaks).enumerate() {
            self.prices(&format!("peak {index}"), values, true)?;
            for (t, value) in values.iter().enumerate() {
                let inside = charge.intervals.contains(&t);
                if *value < 0.0 || (*value > 0.0 && !inside) {
                    let allowed = if inside { "must be at least 0" } else { "must be 0 outside its window" };
                    return Err(self.range(format!("peak {index} in interval {t}"), *value, allowed));
                }
            }
            let sum: f64 = values.iter().sum();
            if sum > charge.price.0 * (1.0 + ROUNDING) {
                let allowed = format!("must be at most {}", charge.price);
                return Err(self.range(format!("sum of peak {index}"), sum, &allowed));
            }
        }
        Ok(())
    }

    fn start_caps(&self, multipliers: &Multipliers) -> Result<(), Refuted> {
        let pumps = &self.home.heat_pumps;
        self.count("start cap multipliers", multipliers.start_caps.len(), pumps.len())?;
        for (index, (pump, values)) in pumps.iter().zip(&multipliers.start_caps).enumerate() {
            self.count(&format!("start caps of heat pump {index}"), values.len(), pump.start_caps.len())?;
            for (cap, value) in values.iter().enumerate() {
                if !(0.0..=MOST).contains(value) {
                    let what = format!("start cap {cap} of heat pump {index}");
                    return Err(self.range(what, *value, &format!("must be a number from 0 to {MOST}")));
                }
            }
        }
        Ok(())
    }

    /// One number per interval; none at all will do where they are not read.
    fn prices(&self, what: &str, values: &[f64], read: bool) -> Result<(), Refuted> {
        if values.is_empty() && !read {
            return Ok(());
        }
        self.count(what, values.len(), self.home.horizon.len())?;
        match values.iter().enumerate().find(|(_, value)| !(-MOST..=MOST).contains(*value)) {
            Some((t, value)) => {
                let allowed = format!("must be a number from {} to {MOST}", -MOST);
                Err(self.range(format!("{what} in interval {t}"), *value, &allowed))
            }
            None => Ok(()),
        }
    }

    fn count(&self, what: &str, found: usize, expected: usize) -> Result<(), Refuted> {
        if found == expected {
            return Ok(());
        }
        Err(Refuted::Shape { leaf: self.leaf, what: what.to_owned(), found, expected })
    }

    fn range(&self, what: String, found: f64, allowed: &str) -> Refuted {
        Refuted::Range { leaf: self.leaf, what, found, allowed: allowed.to_owned() }
    }
}
