//! What came of a study, written home by home.

use std::path::Path;

use anyhow::{Context, Result};
use offpeak_replay::{Replay, Unit, UnitKey, best_tariffs, sum, summarise};
use offpeak_tables::{Format, ResultsWriter};

use super::rows::{Numbers, Verdict, day_row, examples, hour_row, interval_row, summary_row};

/// Writes the tables of a study.
pub(crate) struct Results {
    writer: ResultsWriter,
    baseline: String,
    bound: String,
    intervals: bool,
}

/// One unit in numbers, for whoever tells of it.
pub(crate) struct Line {
    pub(crate) key: UnitKey,
    pub(crate) total: Numbers,
    pub(crate) best_tariff: bool,
}

impl Results {
    /// Begins tables in `folder`; savings count from the policy `baseline`, regret from `bound`.
    pub(crate) fn create(
        folder: &Path,
        format: Format,
        (baseline, bound): (&str, &str),
        intervals: bool,
    ) -> Result<Self> {
        let writer = ResultsWriter::create(folder, format, &examples(intervals));
        let writer = writer.context("the results can't be written")?;
        Ok(Self { writer, baseline: baseline.to_owned(), bound: bound.to_owned(), intervals })
    }

    /// Writes all units of a home; those without a result are named with their reason.
    pub(crate) fn write_home(&mut self, units: &[Unit]) -> Result<Vec<Line>> {
        let best = best_tariffs(&summarise(units, &self.baseline, &self.bound));
        let mut lines = Vec::new();
        for unit in units {
            let replay = match &unit.replay {
                Ok(replay) => replay,
                Err(error) => {
                    self.write_failure(&unit.key, &error.to_string())?;
                    continue;
                }
            };
            let others = [other(units, &unit.key, &self.baseline), other(units, &unit.key, &self.bound)];
            self.write_days(&unit.key, replay, others)?;
            let Some(total) = total(replay, others) else { continue };
            let ahead = best.iter().find(|best| best.key == unit.key);
            let verdict = Verdict {
                days: replay.days.len(),
                best_tariff: ahead.is_some(),
                ahead_ct: ahead.and_then(|best| best.ahead_ct),
                error: None,
            };
            self.write("summary", &summary_row(&unit.key, Some(&total), verdict))?;
            lines.push(Line { key: unit.key.clone(), total, best_tariff: ahead.is_some() });
        }
        Ok(lines)
    }

    /// Names what has no result.
    pub(crate) fn write_failure(&mut self, key: &UnitKey, reason: &str) -> Result<()> {
        let verdict = Verdict { error: Some(reason), ..Verdict::default() };
        self.write("summary", &summary_row(key, None, verdict))
    }

    /// Puts the tables in the place of earlier ones.
    pub(crate) fn finish(self) -> Result<()> {
        let stale: &[&str] = if self.intervals { &[] } else { &["intervals"] };
        self.writer.finish(stale).context("the results can't be completed")
    }

    fn write(&mut self, table: &str, row: &super::rows::Row<'_>) -> Result<()> {
        self.writer.write(table, row).context("the results can't be written")
    }

    fn write_days(&mut self, key: &UnitKey, replay: &Replay, others: [Option<&Replay>; 2]) -> Result<()> {
        for day in 0..replay.days.len() {
            let numbers = numbers_of_day(replay, others, day);
            let date = numbers.row.date.to_string();
            self.write("days", &day_row(key, &date, Some(&numbers)))?;
        }
        for hour in &replay.hours {
            let month = hour.month.format("%Y-%m").to_string();
            self.write("hours", &hour_row(key, &month, hour))?;
        }
        for interval in &replay.intervals {
            self.write("intervals", &interval_row(key, interval))?;
        }
        Ok(())
    }
}

/// The same home, variant and tariff under another policy.
fn other<'a>(units: &'a [Unit], key: &UnitKey, policy: &str) -> Option<&'a Replay> {
    let same = |other: &UnitKey| {
        other.home == key.home
            && other.variant == key.variant
            && other.tariff == key.tariff
            && other.policy == policy
    };
    units.iter().find(|unit| same(&unit.key)).and_then(|unit| unit.replay.as_ref().ok())
}

fn total(replay: &Replay, [baseline, bound]: [Option<&Replay>; 2]) -> Option<Numbers> {
    let row = sum(&replay.days)?;
    Some(Numbers {
        row,
        borrowed_ct: replay.stored_before_ct - row.stored_ct,
        saving_ct: baseline.map(|baseline| baseline.net_ct() - replay.net_ct()),
        bill_saving_ct: baseline.map(|baseline| baseline.bill_ct() - replay.bill_ct()),
        regret_ct: bound.map(|bound| replay.net_ct() - bound.net_ct()),
    })
}

fn numbers_of_day(replay: &Replay, [baseline, bound]: [Option<&Replay>; 2], day: usize) -> Numbers {
    let row = replay.days[day];
    let bill = baseline.map(|baseline| baseline.days[day].bill_ct());
    Numbers {
        row,
        borrowed_ct: borrowed(replay, day),
        saving_ct: baseline.map(|baseline| net(baseline, day) - net(replay, day)),
        bill_saving_ct: bill.map(|bill| bill - row.bill_ct()),
        regret_ct: bound.map(|bound| net(replay, day) - net(bound, day)),
    }
}

/// What a day took from the stores, in ct.
fn borrowed(replay: &Replay, day: usize) -> f64 {
    let before = day.checked_sub(1).map_or(replay.stored_before_ct, |before| replay.days[before].stored_ct);
    before - replay.days[day].stored_ct
}

fn net(replay: &Replay, day: usize) -> f64 {
    replay.days[day].cost_ct() + borrowed(replay, day)
}
