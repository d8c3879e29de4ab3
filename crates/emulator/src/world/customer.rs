//! Who the customers are: customer `n` has what the remainders of `n` say, so a test can pick the one it needs.
//!
//! | customer | has |
//! | --- | --- |
//! | every 4th (4, 8, ...) | a feed-in subscription besides the consumption one |
//! | 2, 6, 10, ... | the hourly plan; all others one of quarter-hours |
//! | 1, 6, 11, ... | §14a modules 1 and 3 activated: a grid fee that varies within the day |
//! | 3, 8, 13, ... | §14a module 2 ordered, which changes nothing yet |
//! | 10, 20, 30, ... | an analog meter: monthly estimates |
//! | 49, 99, 149, ... | a subscription that has ended |
//! | 50, 100, 150, ... | a subscription that is pending |

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::local;

/// How many grid operators there are; each has its own grid fees.
pub(crate) const GRID_OPERATORS: u32 = 5;
/// The longest supply before now that a customer has, in days.
const OLDEST_DAY: (i32, u32, u32) = (2025, 1, 1);

/// Which way the energy goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Flow {
    Consumption,
    FeedIn,
}

impl Flow {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Consumption => "consumption",
            Self::FeedIn => "feed_in",
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Consumption => 'c',
            Self::FeedIn => 'f',
        }
    }
}

/// Whether a supply runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Active,
    Ended,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }

    pub(crate) fn read(name: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Ended].into_iter().find(|one| one.name() == name)
    }
}

/// One supply or feed-in of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Subscription {
    pub(crate) customer: u32,
    pub(crate) flow: Flow,
}

impl Subscription {
    pub(crate) fn id(self) -> String {
        format!("sub_emu{:08}{}", self.customer, self.flow.letter())
    }

    /// The subscription of an id, where a customer up to `customers` has it.
    pub(crate) fn of(id: &str, customers: u32) -> Option<Self> {
        let key = id.strip_prefix("sub_emu")?;
        let flow = if key.ends_with('f') { Flow::FeedIn } else { Flow::Consumption };
        let number = key.strip_suffix(flow.letter())?;
        let one = Self { customer: number.parse().ok()?, flow };
        (one.customer <= customers && subscriptions(one.customer).any(|own| own == one) && one.id() == id)
            .then_some(one)
    }

    pub(crate) fn plan(self) -> u32 {
        match (self.flow, self.customer % 4) {
            (Flow::FeedIn, _) => 3,
            (Flow::Consumption, 2) => 2,
            _ => 1,
        }
    }

    pub(crate) fn is_hourly(self) -> bool {
        self.plan() == 2
    }

    pub(crate) fn grid_operator(self) -> u32 {
        self.customer / 4 % GRID_OPERATORS
    }

    pub(crate) fn has_module_3(self) -> bool {
        self.flow == Flow::Consumption && self.customer % 5 == 1
    }

    pub(crate) fn is_smart(self) -> bool {
        !self.customer.is_multiple_of(10)
    }

    /// As signed; an admin may have changed it since.
    pub(crate) fn first_status(self) -> Status {
        match self.customer % 50 {
            49 => Status::Ended,
            0 => Status::Pending,
            _ => Status::Active,
        }
    }

    /// The first local day of supply: in 2025, later for higher numbers within a group of 360.
    pub(crate) fn start(self) -> NaiveDate {
        let (year, month, day) = OLDEST_DAY;
        let oldest = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        oldest.checked_add_days(Days::new(u64::from(self.customer * 7 % 360))).unwrap_or(oldest)
    }

    /// The day after the last one, for an ended supply.
    pub(crate) fn end(self) -> NaiveDate {
        self.start().checked_add_days(Days::new(60)).unwrap_or_default()
    }

    /// When it was signed: a second after the one before, so that an order by it is the order of the numbers.
    pub(crate) fn created_at(self) -> DateTime<Utc> {
        let (year, month, day) = OLDEST_DAY;
        let first = local::midnight(NaiveDate::from_ymd_opt(year - 1, month, day).unwrap_or_default());
        first + TimeDelta::seconds(2 * i64::from(self.customer) + i64::from(self.flow == Flow::FeedIn))
    }

    /// §14a modules of the supply: number and status.
    pub(crate) fn modules(self) -> &'static [(u32, &'static str)] {
        match (self.flow, self.customer % 5) {
            (Flow::Consumption, 1) => &[(1, "activated"), (3, "activated")],
            (Flow::Consumption, 3) => &[(2, "ordered")],
            _ => &[],
        }
    }
}

/// A customer's subscriptions, newest first.
pub(crate) fn subscriptions(customer: u32) -> impl Iterator<Item = Subscription> {
    let feed_in = (customer > 0 && customer.is_multiple_of(4)).then_some(Flow::FeedIn);
    let consumption = (customer > 0).then_some(Flow::Consumption);
    feed_in.into_iter().chain(consumption).map(move |flow| Subscription { customer, flow })
}

/// The id of customer `number`.
pub(crate) fn customer_id(number: u32) -> String {
    format!("cus_emu{number:08}")
}

/// The number of a customer's id.
pub(crate) fn customer_number(id: &str, customers: u32) -> Option<u32> {
    let number = id.strip_prefix("cus_emu")?.parse().ok()?;
    ((1..=customers).contains(&number) && customer_id(number) == id).then_some(number)
}
