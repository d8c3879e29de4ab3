//! An earlier folder of plans, from which the next ones start.

use std::collections::VecDeque;
use std::path::Path;

use anyhow::{Context, Result, bail};
use offpeak_domain::{Home, Proof, WarmStart};
use offpeak_tables::{PlanWindow, Schedules, WrittenSchedule, read_schedules};

use crate::certificates;
use crate::run_file::RunFile;

/// How many homes are looked ahead for one: fleets keep their order, and memory does not grow with them.
const AHEAD: usize = 512;

/// Earlier plans, in the order of their fleet.
pub(crate) struct Previous {
    window: PlanWindow,
    schedules: Schedules,
    certificates: Option<certificates::Reader>,
    ahead: VecDeque<Earlier>,
}

/// The earlier plan of one home.
pub(crate) struct Earlier {
    window: PlanWindow,
    schedule: WrittenSchedule,
    proof: Option<Proof>,
}

impl Previous {
    /// Opens what `offpeak plan --out folder` wrote; the new plans go to `out`.
    pub(crate) fn open(folder: &Path, out: &Path) -> Result<Self> {
        let same = |path: &Path| path.canonicalize().ok();
        if same(folder).is_some() && same(folder) == same(out) {
            bail!("--previous {}: must be another folder than --out, which is replaced", folder.display());
        }
        let window = RunFile::read(folder)?.window()?;
        let schedules = read_schedules(folder).context("the previous plans can't be read")?;
        let certificates =
            certificates::is_there(folder).then(|| certificates::Reader::open(folder)).transpose()?;
        Ok(Self { window, schedules, certificates, ahead: VecDeque::new() })
    }

    /// The earlier plan of a home, where there is one within reach; those of homes before it are given up.
    pub(crate) fn of(&mut self, home_id: &str) -> Result<Option<Earlier>> {
        loop {
            if let Some(at) = self.ahead.iter().position(|earlier| earlier.schedule.home_id == home_id) {
                return Ok(self.ahead.drain(..=at).next_back());
            }
            if self.ahead.len() >= AHEAD {
                return Ok(None);
            }
            let Some(earlier) = self.next()? else { return Ok(None) };
            self.ahead.push_back(earlier);
        }
    }

    fn next(&mut self) -> Result<Option<Earlier>> {
        let Some(schedule) = self.schedules.next() else { return Ok(None) };
        let schedule = schedule.context("the previous plans can't be read")?;
        let proof = match &mut self.certificates {
            Some(certificates) => certificates.next(&schedule.home_id)?,
            None => None,
        };
        Ok(Some(Earlier { window: self.window, schedule, proof }))
    }
}

impl Earlier {
    /// Where the next plan of `home` begins to look; nothing where the earlier one has no horizon in the home's zone.
    pub(crate) fn start(&self, home: &Home) -> Option<WarmStart> {
        let then = self.window.horizon(home.time_zone).ok()?;
        let setpoints = self.schedule.setpoints_then(home, &then);
        let multipliers = self.proof.as_ref().and_then(Proof::deciding_multipliers).filter(|multipliers| {
            // Prices have no names: with other devices than then, nobody knows whose they are.
            multipliers.batteries.len() == home.batteries.len()
                && multipliers.evs.len() == home.evs.len()
                && multipliers.heat_pumps.len() == home.heat_pumps.len()
                && multipliers.appliances.len() == home.appliances.len()
        });
        Some(WarmStart::shifted((&setpoints, multipliers), &then, &home.horizon))
    }
}
