//! A made-up home: where it is, what it has, what its tariff is.

use offpeak_tables::Value;
use rand_chacha::ChaCha8Rng;

use crate::appliances;
use crate::battery::Battery;
use crate::ev::{Car, Phases};
use crate::heat_pump::HeatPump;
use crate::household::Household;
use crate::mix::Mix;
use crate::pv::Roof;
use crate::random::{Draw, Streams, Topic, rounded};
use crate::tariffs;
use crate::weather::REGIONS;

/// Most power that a house connection takes: three phases at 35, 50 or 63 A (DIN 18015-1).
const FUSES_KW: [(f64, f64); 3] = [(24.2, 0.3), (34.6, 0.45), (43.6, 0.25)];
/// Roofs since 2025-02-25 without a control box feed in at most 60 % of their kWp (section 9 EEG).
const FEED_IN_CAP: f64 = 0.6;
const FEED_IN_CAP_SHARE: f64 = 0.25;

/// A home.
#[derive(Debug)]
pub(crate) struct SynthHome {
    pub(crate) id: String,
    pub(crate) number: u64,
    pub(crate) region: usize,
    pub(crate) household: Household,
    pub(crate) roof: Option<Roof>,
    pub(crate) battery: Option<Battery>,
    pub(crate) cars: Vec<Car>,
    pub(crate) pump: Option<HeatPump>,
    pub(crate) appliances: Vec<&'static appliances::Kind>,
    pub(crate) tariff_id: String,
    import_limit_kw: f64,
    export_limit_kw: Option<f64>,
    can_curtail: bool,
}

/// Which kinds of device a home has.
#[expect(clippy::struct_excessive_bools, reason = "each is a device of its own that a home has or not")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Owns {
    roof: bool,
    battery: bool,
    cars: usize,
    pump: bool,
    appliances: bool,
}

impl SynthHome {
    /// Home `index` of all fleets of a seed and mix.
    pub(crate) fn draw(streams: Streams, index: usize, mix: Mix) -> Self {
        let number = index as u64;
        let owns = Owns::draw(&mut streams.lasting(Topic::Ownership, number), mix);
        let mut stream = streams.lasting(Topic::Devices, number);
        let region = stream.weighted(&REGIONS.each_ref().map(|region| region.share));
        let mut household = Household::draw(&mut stream);
        if owns.appliances {
            household.annual_kwh -= appliances::ANNUAL_KWH;
        }
        let phases = if mix == Mix::Full { Phases::Switching } else { Phases::Common };
        let cars = ["ev-1", "ev-2"].iter().take(owns.cars);
        let roof = owns.roof.then(|| Roof::draw(&mut stream));
        let capped = roof.as_ref().filter(|_| stream.chance(FEED_IN_CAP_SHARE));
        Self {
            id: format!("home-{:06}", index + 1),
            number,
            region,
            import_limit_kw: FUSES_KW[stream.weighted(&FUSES_KW.map(|(_, share)| share))].0,
            export_limit_kw: capped.map(|roof| rounded(FEED_IN_CAP * roof.kwp, 2)),
            can_curtail: capped.is_some() || (roof.is_some() && stream.chance(0.4)),
            tariff_id: if owns.roof {
                tariffs::draw_with_feed_in(&mut stream)
            } else {
                tariffs::draw_without_feed_in(&mut stream)
            },
            battery: owns.battery.then(|| Battery::draw(&mut stream)),
            cars: cars.map(|id| Car::draw(&mut stream, id, phases)).collect(),
            pump: owns.pump.then(|| HeatPump::draw(&mut stream, household.persons)),
            appliances: if owns.appliances { appliances::draw(&mut stream) } else { Vec::new() },
            roof,
            household,
        }
    }

    pub(crate) fn row(&self) -> Vec<(&'static str, Value<'_>)> {
        vec![
            ("home_id", (&self.id).into()),
            ("time_zone", crate::options::ZONE.name().into()),
            ("tariff_id", (&self.tariff_id).into()),
            ("outdoor_id", REGIONS[self.region].id.into()),
            ("import_limit_kw", self.import_limit_kw.into()),
            ("export_limit_kw", self.export_limit_kw.into()),
            ("can_curtail", self.can_curtail.into()),
        ]
    }

    /// Most kW that its controllable devices take from the grid while it is dimmed: 4.2 for one,
    /// less for each further one (Bundesnetzagentur, BK6-22-300).
    pub(crate) fn dimmed_kw(&self) -> Option<f64> {
        let devices =
            self.cars.len() + usize::from(self.battery.is_some()) + usize::from(self.pump.is_some());
        // Simultaneity factors of the ruling for two, three and four devices.
        let factor = [0.0, 0.8, 0.75, 0.7].get(devices.checked_sub(1)?).copied().unwrap_or(0.65);
        Some(rounded(4.2 * (1.0 + (devices - 1) as f64 * factor), 2))
    }
}

impl Owns {
    fn draw(stream: &mut ChaCha8Rng, mix: Mix) -> Self {
        match mix {
            Mix::Realistic => loop {
                let owns = Self::realistic(stream);
                // A home without any of these has nothing to plan and would not be a customer.
                if owns.battery || owns.cars > 0 || owns.pump {
                    return owns;
                }
            },
            Mix::Full => Self {
                roof: true,
                battery: true,
                cars: 1 + usize::from(stream.chance(0.35)),
                pump: true,
                appliances: true,
            },
            Mix::BatteryEv => Self { roof: stream.chance(0.8), battery: true, cars: 1, ..Self::default() },
            Mix::EvOnly => Self { cars: 1, ..Self::default() },
            Mix::BatteryOnly => Self { roof: true, battery: true, ..Self::default() },
            Mix::PumpOnly => Self { pump: true, ..Self::default() },
        }
    }

    /// Assumed for customers of a tariff that rewards planning, far above all households (`KfW`'s
    /// Energiewendebarometer: PV 15 % and batteries 7 % in 2024, heat pumps 10 % and EVs 6 % in 2023).
    /// Most new roofs come with a battery, and owners of one device have more of the others.
    fn realistic(stream: &mut ChaCha8Rng) -> Self {
        let roof = stream.chance(0.6);
        let battery = stream.chance(if roof { 0.72 } else { 0.04 });
        let has_car = stream.chance(0.48);
        let second_car = stream.chance(0.15);
        Self {
            roof,
            battery,
            cars: usize::from(has_car) + usize::from(has_car && second_car),
            pump: stream.chance(if roof { 0.38 } else { 0.25 }),
            appliances: stream.chance(0.35),
        }
    }
}
