//! Small random homes with every rule, and random schedules of them that pass the audit.

use offpeak_audit::audit_costed;
use offpeak_domain::{
    Battery, Cents, CentsPerKilowatt, CentsPerKilowattHour, CompressorState, Costed, Ev, EvDischarge,
    HeatPump, Home, KilowattHours, Kilowatts, PeakCharge, Setpoints, StartCap, StorePower,
};
use offpeak_testhomes::plain;

use crate::model::{Model, Role};

/// A linear congruential generator.
pub(crate) struct Lcg(pub(crate) u64);

impl Lcg {
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    pub(crate) fn one_in(&mut self, n: f64) -> bool {
        self.uniform() * n < 1.0
    }
}

/// Hours of a home.
const HOURS: usize = 8;

/// A home of 8 hours: a battery under a meter rule, a car that gives back, a compressor with two sinks, an appliance,
/// a peak charge, a surplus at noon, prices of both signs.
pub(crate) fn home(seed: u64) -> Home {
    let mut rng = Lcg(seed * 7919 + 1);
    let prices: Vec<f64> = (0..HOURS).map(|_| rng.between(-5.0, 40.0)).collect();
    let mut spec = plain::hourly(&prices);
    spec.grid.export_price = plain::ct_per_kwh(&[8.0; HOURS]);
    spec.grid.can_curtail = rng.one_in(2.0);
    for t in 0..HOURS {
        spec.grid.load[t] = Kilowatts(rng.between(0.2, 1.0));
        spec.grid.pv[t] = Kilowatts(if (3..6).contains(&t) { rng.between(0.0, 8.0) } else { 0.0 });
    }
    spec.grid.peak_charges.push(PeakCharge {
        intervals: 0..5,
        price: CentsPerKilowatt(rng.between(0.0, 20.0)),
        already_reached: Kilowatts(2.0),
    });
    let battery = plain::battery(&spec, 6.0, 4.0);
    spec.batteries.push(Battery {
        initial_stored: KilowattHours(2.0),
        min_charge: Kilowatts(0.5),
        min_discharge: Kilowatts(0.3),
        charge_efficiency: 0.95,
        discharge_efficiency: 0.93,
        self_discharge_per_hour: 0.002,
        wear: CentsPerKilowattHour(2.0),
        end_floor: KilowattHours(1.0),
        end_value: CentsPerKilowattHour(12.0),
        grid_charging: rng.one_in(2.0),
        ..battery
    });
    let car = plain::ev(&spec, &[plain::power(1.4..=3.0), plain::power(4.1..=11.0)], 30.0);
    spec.evs.push(Ev {
        initial_energy: KilowattHours(6.0),
        charge_efficiency: 0.9,
        sessions: vec![plain::session(0..3, 14.0), {
            let back = plain::session(5..HOURS, 20.0);
            offpeak_domain::EvSession { driven_before: KilowattHours(rng.between(1.0, 16.0)), ..back }
        }],
        discharge: Some(EvDischarge {
            power: plain::power(0.5..=3.0),
            efficiency: 0.9,
            wear: CentsPerKilowattHour(1.0),
            reserve: KilowattHours(4.0),
            grid_export: rng.one_in(2.0),
        }),
        ..car
    });
    let pump = two_sinks(&spec, &mut rng);
    spec.heat_pumps.push(pump);
    let washer = plain::appliance(&spec, &[2.0, 0.5], 1..=5);
    spec.appliances.push(offpeak_domain::Appliance { interruptible: rng.one_in(2.0), ..washer });
    Home::new(spec).expect("a valid home")
}

fn two_sinks(spec: &offpeak_domain::HomeSpec, rng: &mut Lcg) -> HeatPump {
    let range = plain::power(0.8..=2.5);
    let mut rooms = plain::room(spec, range);
    let mut water = plain::water(spec, range);
    rooms.backup_max = Kilowatts(2.0);
    water.heater_max = Kilowatts(1.0);
    water.loss_per_hour = 0.01;
    water.draw[4] = KilowattHours(2.0);
    HeatPump {
        rooms: Some(rooms),
        hot_water: Some(water),
        min_run: 2,
        min_pause: 2,
        before: CompressorState { running: rng.one_in(2.0), intervals: 1 },
        start_cost: Cents(rng.between(0.0, 30.0)),
        start_caps: vec![StartCap { intervals: 0..HOURS, most: 2 }],
        ..plain::pump(spec)
    }
}

/// Random schedules that pass the audit, at least one.
pub(crate) fn schedules(home: &Home, seed: u64, tries: usize) -> Vec<Costed> {
    let mut rng = Lcg(seed * 104_729 + 3);
    let drawn = (0..tries).map(|_| Costed::of(home, draw(home, &mut rng)));
    let kept: Vec<Costed> = drawn.filter(|costed| audit_costed(home, costed).is_empty()).collect();
    assert!(!kept.is_empty(), "no schedule out of {tries} keeps the rules");
    kept
}

fn draw(home: &Home, rng: &mut Lcg) -> Setpoints {
    let mut plan = Setpoints::idle(home);
    for index in 0..home.heat_pumps.len() {
        draw_pump(home, &mut plan, index, rng);
    }
    for index in 0..home.appliances.len() {
        let run = &home.appliances[index];
        let start = (run.earliest_start..=run.latest_start).rfind(|_| rng.one_in(2.0));
        let start = start.unwrap_or(run.earliest_start);
        plan.appliances[index][start..start + run.profile.len()].copy_from_slice(&run.profile);
    }
    for index in 0..home.evs.len() {
        plan.evs[index] = draw_car(home, &plan, index, rng);
    }
    for index in 0..home.batteries.len() {
        plan.batteries[index] = draw_battery(home, &plan, index, rng);
    }
    for t in 0..home.horizon.len() {
        if home.grid.can_curtail && rng.one_in(4.0) {
            plan.curtail[t] = home.grid.pv[t] * rng.uniform();
        }
    }
    plan
}

/// Runs and pauses of random length, on either sink in each interval.
fn draw_pump(home: &Home, plan: &mut Setpoints, index: usize, rng: &mut Lcg) {
    let pump = &home.heat_pumps[index];
    let (mut running, mut held) = (pump.before.running, pump.before.intervals);
    let mut starts = 0;
    for t in 0..home.horizon.len() {
        let least = if running { pump.min_run } else { pump.min_pause };
        let may_start = running || starts < pump.start_caps.first().map_or(usize::MAX, |cap| cap.most);
        if held >= least && may_start && rng.one_in(2.0) {
            (running, held) = (!running, 0);
            starts += usize::from(running);
        }
        held += 1;
        if running {
            let power = Kilowatts(rng.between(0.8, 2.5));
            let sink = &mut plan.heat_pumps[index];
            let into = if rng.one_in(2.0) { &mut sink.rooms } else { &mut sink.hot_water };
            into[t] = power;
        }
        if rng.one_in(4.0) {
            plan.heat_pumps[index].backup[t] = Kilowatts(rng.between(0.0, 2.0));
        }
    }
}

fn net(home: &Home, plan: &Setpoints, t: usize) -> f64 {
    (home.grid.base(t) + plan.device_power(t)).0
}

fn draw_car(home: &Home, plan: &Setpoints, index: usize, rng: &mut Lcg) -> StorePower {
    let (ev, intervals) = (&home.evs[index], home.horizon.len());
    let (connected, driven) = (ev.connected(intervals), ev.driven(intervals));
    let feed = ev.discharge.as_ref().expect("it gives back");
    let mut power = plan.evs[index].clone();
    let mut held = ev.initial_energy.0;
    for t in 0..intervals {
        let room = (ev.capacity.0 - held) / ev.charge_efficiency;
        let spare = (held - feed.reserve.0) * feed.efficiency;
        let spare = if feed.grid_export { spare } else { spare.min(net(home, plan, t)) };
        let mode = ev.modes[usize::from(rng.one_in(2.0))];
        if connected[t] && rng.one_in(2.0) && room > mode.max.0 {
            power.charge[t] = Kilowatts(rng.between(mode.min.0, mode.max.0));
        } else if connected[t] && rng.one_in(2.0) && spare > feed.power.min.0 {
            power.discharge[t] = Kilowatts(rng.between(feed.power.min.0, spare.min(feed.power.max.0)));
        }
        held += power.charge[t].0 * ev.charge_efficiency - power.discharge[t].0 / feed.efficiency;
        held = (held - driven[t].0).max(0.0);
    }
    power
}

fn draw_battery(home: &Home, plan: &Setpoints, index: usize, rng: &mut Lcg) -> StorePower {
    let battery = &home.batteries[index];
    let mut power = plan.batteries[index].clone();
    let mut held = battery.initial_stored.0;
    for (t, length) in home.horizon.lengths().enumerate() {
        held *= battery.retention(length);
        let room = ((battery.max_stored.0 - held) / battery.charge_efficiency).min(battery.max_charge[t].0);
        let room = if battery.grid_charging { room } else { room.min(-net(home, plan, t)) };
        let spare = (held * battery.discharge_efficiency).min(battery.max_discharge[t].0);
        if rng.one_in(2.0) && room > battery.min_charge.0 {
            power.charge[t] = Kilowatts(rng.between(battery.min_charge.0, room));
        } else if rng.one_in(2.0) && spare > battery.min_discharge.0 {
            power.discharge[t] = Kilowatts(rng.between(battery.min_discharge.0, spare));
        }
        held += power.charge[t].0 * battery.charge_efficiency;
        held -= power.discharge[t].0 / battery.discharge_efficiency;
    }
    power
}

/// The powers of every port in `plan`, `[port][t]` in kW.
pub(crate) fn powers(home: &Home, model: &Model, plan: &Setpoints) -> Vec<Vec<f64>> {
    let mode = |index: usize, port: usize| {
        let (lowest, highest) = (&model.ports[port].least, &model.ports[port].most);
        let charge = plan.evs[index].charge.iter().zip(lowest.iter().zip(highest));
        charge.map(|(kw, (low, high))| if kw.0 >= *low && kw.0 <= *high { kw.0 } else { 0.0 }).collect()
    };
    let all = |values: &[Kilowatts]| values.iter().map(|kw| kw.0).collect::<Vec<f64>>();
    assert_eq!(plan.curtail.len(), home.horizon.len());
    let of = |port: usize| match model.ports[port].role {
        Role::BatteryCharge(index) => all(&plan.batteries[index].charge),
        Role::BatteryDischarge(index) => all(&plan.batteries[index].discharge),
        Role::EvCharge(index) => mode(index, port),
        Role::EvDischarge(index) => all(&plan.evs[index].discharge),
        Role::Rooms(index) => all(&plan.heat_pumps[index].rooms),
        Role::HotWater(index) => all(&plan.heat_pumps[index].hot_water),
        Role::Backup(index) => all(&plan.heat_pumps[index].backup),
        Role::Immersion(index) => all(&plan.heat_pumps[index].immersion),
        Role::Appliance(index) => all(&plan.appliances[index]),
    };
    (0..model.ports.len()).map(of).collect()
}
