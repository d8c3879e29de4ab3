//! Policies by word, and with settings of their own.

use anyhow::{Result, bail};
use chrono::NaiveTime;
use offpeak_domain::Kelvins;
use offpeak_replay::{CarRule, HeatRule, PolicyKind, PolicySpec, Replan};
use serde::{Deserialize, Serialize};

use super::settings::unique;

/// Words for policies, each with what it stands for.
pub(crate) const POLICY_WORDS: [(&str, &str); 7] = [
    (
        "uncontrolled",
        "nobody plans: cars charge from arrival, a thermostat heats, batteries follow the meter",
    ),
    ("idle-batteries", "uncontrolled, but batteries do nothing"),
    ("cheapest-intervals", "uncontrolled, but cars charge in the cheapest intervals before departure"),
    ("night-setback", "uncontrolled, but rooms may get 2 K colder from 22:00 to 6:00"),
    ("day-ahead", "one plan a day, when prices come, over 36 hours"),
    (
        "receding-horizon",
        "a plan over 24 hours every hour, of which that hour is applied; `receding-horizon:K` every K intervals",
    ),
    ("perfect-foresight", "plans over three days that know all that will happen: the bound"),
];

/// What is replayed where no policy is named: a receding horizon takes ten times as long as all of these.
const DEFAULT: [&str; 4] = ["uncontrolled", "cheapest-intervals", "day-ahead", "perfect-foresight"];

/// A policy like another one, with some settings changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyChange {
    id: String,
    /// The word for the policy it starts from.
    like: String,
    /// Plans: how far to look, in hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hours: Option<f64>,
    /// Plans: how far to stay above the lowest comfort, as a share of its band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caution: Option<f64>,
    /// Plans: whether to search as hard as the fast backend can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thorough: Option<bool>,
    /// Rules: whether cars charge in the cheapest intervals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cheapest_intervals: Option<bool>,
    /// Rules: how much colder rooms may get at night, in K.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    setback_k: Option<f64>,
    /// Rules: when the night of the setback begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    night_from: Option<NaiveTime>,
    /// Rules: when it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    night_to: Option<NaiveTime>,
    /// Rules: whether batteries do nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    idle_batteries: Option<bool>,
}

/// The policies of a study in order; `baseline` comes first where it is not named but a word.
pub(super) fn policies(
    words: &[String],
    changed: &[PolicyChange],
    baseline: &str,
) -> Result<Vec<PolicySpec>> {
    let words: Vec<&str> = match words {
        [] if changed.is_empty() => DEFAULT.to_vec(),
        _ => words.iter().map(String::as_str).collect(),
    };
    let mut all = words.into_iter().map(by_word).collect::<Result<Vec<_>>>()?;
    for change in changed {
        all.push(change.policy()?);
    }
    if !all.iter().any(|policy| policy.id == baseline) {
        match by_word(baseline) {
            Ok(policy) => all.insert(0, policy),
            Err(_) => bail!("baseline `{baseline}` must be one of the policies of the study"),
        }
    }
    unique("policy", all.iter().map(|policy| policy.id.as_str()))?;
    Ok(all)
}

fn by_word(word: &str) -> Result<PolicySpec> {
    if let Some(intervals) = word.strip_prefix("receding-horizon:") {
        let intervals = intervals.parse().ok().filter(|intervals| (1..=10_000).contains(intervals));
        let Some(intervals) = intervals else {
            bail!("policy `{word}` must name how many intervals, such as receding-horizon:4");
        };
        return Ok(PolicySpec { id: word.to_owned(), ..PolicySpec::receding(intervals) });
    }
    Ok(match word {
        "uncontrolled" => PolicySpec::uncontrolled(),
        "idle-batteries" => PolicySpec {
            id: word.to_owned(),
            kind: PolicyKind::Rules {
                cars: CarRule::default(),
                heat: HeatRule::default(),
                idle_batteries: true,
            },
        },
        "cheapest-intervals" => PolicySpec::cheapest_intervals(),
        "night-setback" => PolicySpec::rules(word, CarRule::FromArrival, setback(2.0, None, None)),
        "day-ahead" => PolicySpec::day_ahead(),
        "receding-horizon" => PolicySpec::receding(4),
        "perfect-foresight" => PolicySpec::perfect_foresight(),
        _ => {
            let words = POLICY_WORDS.map(|(word, _)| word).join(", ");
            bail!("policy `{word}` must be one of {words} or receding-horizon:K");
        }
    })
}

fn setback(kelvins: f64, from: Option<NaiveTime>, to: Option<NaiveTime>) -> HeatRule {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN);
    let (from, to) = (from.unwrap_or_else(|| hour(22)), to.unwrap_or_else(|| hour(6)));
    HeatRule::NightSetback { from, to, by: Kelvins(kelvins) }
}

impl PolicyChange {
    fn policy(&self) -> Result<PolicySpec> {
        let kind = match by_word(&self.like)?.kind {
            PolicyKind::Plan { replan, hours, caution, thorough } => {
                self.plan(replan, hours, caution, thorough)?
            }
            PolicyKind::PerfectForesight { hours } => {
                self.refuse([("caution", self.caution.is_some()), ("thorough", self.thorough.is_some())])?;
                self.refuse_rules()?;
                PolicyKind::PerfectForesight { hours: self.hours_or(hours)? }
            }
            PolicyKind::Rules { cars, heat, idle_batteries } => self.rules(cars, heat, idle_batteries)?,
        };
        Ok(PolicySpec { id: self.id.clone(), kind })
    }

    fn plan(&self, replan: Replan, hours: f64, caution: f64, thorough: bool) -> Result<PolicyKind> {
        self.refuse_rules()?;
        let caution = self.caution.unwrap_or(caution);
        if !(0.0..=1.0).contains(&caution) {
            bail!("policy `{}`: caution {caution} must be a share from 0 to 1", self.id);
        }
        let hours = self.hours_or(hours)?;
        Ok(PolicyKind::Plan { replan, hours, caution, thorough: self.thorough.unwrap_or(thorough) })
    }

    fn rules(&self, cars: CarRule, heat: HeatRule, idle_batteries: bool) -> Result<PolicyKind> {
        self.refuse([
            ("hours", self.hours.is_some()),
            ("caution", self.caution.is_some()),
            ("thorough", self.thorough.is_some()),
        ])?;
        let heat = match self.setback_k {
            Some(kelvins) if kelvins.is_finite() && kelvins >= 0.0 => {
                setback(kelvins, self.night_from, self.night_to)
            }
            Some(kelvins) => bail!("policy `{}`: setback_k {kelvins} must be at least 0", self.id),
            None => {
                let nights = [("night_from", self.night_from), ("night_to", self.night_to)];
                if let Some((name, _)) = nights.into_iter().find(|(_, time)| time.is_some()) {
                    bail!("policy `{}`: {name} needs setback_k", self.id);
                }
                heat
            }
        };
        let cars = match self.cheapest_intervals {
            Some(true) => CarRule::CheapestIntervals,
            Some(false) => CarRule::FromArrival,
            None => cars,
        };
        Ok(PolicyKind::Rules { cars, heat, idle_batteries: self.idle_batteries.unwrap_or(idle_batteries) })
    }

    fn hours_or(&self, default: f64) -> Result<f64> {
        let hours = self.hours.unwrap_or(default);
        if hours.is_finite() && (1.0..=744.0).contains(&hours) {
            return Ok(hours);
        }
        bail!("policy `{}`: hours {hours} must be from 1 to 744, a month", self.id)
    }

    fn refuse_rules(&self) -> Result<()> {
        self.refuse([
            ("cheapest_intervals", self.cheapest_intervals.is_some()),
            ("setback_k", self.setback_k.is_some()),
            ("night_from", self.night_from.is_some()),
            ("night_to", self.night_to.is_some()),
            ("idle_batteries", self.idle_batteries.is_some()),
        ])
    }

    fn refuse<const N: usize>(&self, given: [(&str, bool); N]) -> Result<()> {
        match given.into_iter().find(|(_, given)| *given) {
            Some((name, _)) => {
                bail!("policy `{}`: `{name}` is not for a policy like {}", self.id, self.like)
            }
            None => Ok(()),
        }
    }
}
