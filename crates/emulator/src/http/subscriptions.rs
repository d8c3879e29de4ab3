//! `/subscriptions`, and prices and usage below it.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::answer::{Answer, Failure, json_body, json_text};
use super::page::Page;
use super::params::{Params, check_range};
use super::subscription_json::{expanded, listed};
use crate::oauth::grants::Bearer;
use crate::state::State;
use crate::world::customer::{Status, Subscription, customer_number, subscriptions};
use crate::world::local;
use crate::world::prices::inactive;
use crate::world::series::SeriesKey;
use crate::world::usage;
use crate::world::usage_buckets::{Resolution, buckets};

pub(crate) async fn list(who: Bearer, Shared(state): Shared<Arc<State>>, params: Params) -> Answer {
    let page = Page::of(&params)?;
    // A value that is no status, like a field that is none, leaves the list as it is.
    let status = params.get("filter[status][eq]").and_then(Status::read);
    let customer =
        params.get("filter[customer][eq]").map(|id| customer_number(id, state.customers).unwrap_or(0));
    let after = page.after.as_deref().and_then(|key| Subscription::of(key, state.customers));
    let all = newest_first(&state, who.customer.or(customer), after)
        .filter(|one| who.sees(one.customer) && customer.is_none_or(|wanted| wanted == one.customer))
        .filter(|one| status.is_none_or(|wanted| wanted == state.status(*one)));
    Ok(json_body(&page.answer(all.map(|one| (one.id(), listed(one, &state))))))
}

/// All subscriptions, or a customer's, that come after one in the order of the list.
pub(crate) fn newest_first(
    state: &State,
    of: Option<u32>,
    after: Option<Subscription>,
) -> impl Iterator<Item = Subscription> {
    let last = of.unwrap_or(state.customers);
    let last = after.map_or(last, |after| last.min(after.customer));
    let first = of.unwrap_or(1);
    (first..=last)
        .rev()
        .flat_map(subscriptions)
        .filter(move |one| after.is_none_or(|after| (one.customer, one.flow) < (after.customer, after.flow)))
}

pub(crate) async fn one(who: Bearer, Shared(state): Shared<Arc<State>>, Path(id): Path<String>) -> Answer {
    Ok(json_body(&expanded(who.subscription(&id, &state)?, &state)))
}

pub(crate) async fn prices(
    who: Bearer,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    let range = (params.needed_date("start")?, params.needed_date("end")?);
    if range.0 > range.1 {
        return Err(Failure::invalid("custom", "end", "must not be before start"));
    }
    check_range(range.0, local::next(range.1))?;
    let one = who.subscription(&id, &state)?;
    let key = SeriesKey::of(one);
    Ok(json_text(match state.status(one) {
        Status::Active => state.book.body(&id, key, range, state.now()),
        Status::Pending | Status::Ended => inactive(&id, key, range),
    }))
}

pub(crate) async fn usage(
    who: Bearer,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    let asked = params.get("resolution").unwrap_or("auto");
    let asked = Resolution::read(asked).ok_or_else(|| {
        Failure::invalid("invalid_value", "resolution", "must be auto, 15min, hour, day, week or month")
    })?;
    let given = (params.date("start")?, params.date("end")?);
    let one = who.subscription(&id, &state)?;
    let (start, end) = range(one, given, &state);
    check_range(start, end)?;
    let resolution = asked.settled(one.is_smart(), (end - start).num_days());
    let first = start.max(one.start());
    let last = if state.status(one) == Status::Ended { end.min(one.end()) } else { end };
    let quarters = match state.status(one) {
        Status::Pending => Vec::new(),
        _ => {
            local::days(first, last).flat_map(|date| usage::day(state.seed, one, date, state.now())).collect()
        }
    };
    Ok(json_body(&json!({
        "object": "usage",
        "meter_type": if one.is_smart() { "smart" } else { "analog" },
        "resolution": resolution.name(),
        "data": buckets(&quarters, resolution),
    })))
}

/// The days asked for, or those that the provider takes instead; `end` is not part.
fn range(
    one: Subscription,
    given: (Option<NaiveDate>, Option<NaiveDate>),
    state: &State,
) -> (NaiveDate, NaiveDate) {
    let today = local::date_of(state.now());
    if one.is_smart() {
        let yesterday = today - TimeDelta::days(1);
        return (given.0.unwrap_or(yesterday), given.1.unwrap_or(today));
    }
    let end = given.1.unwrap_or_else(|| local::first_of_month(today));
    let year_ago = end.checked_sub_signed(TimeDelta::days(365)).unwrap_or(end);
    (given.0.unwrap_or_else(|| one.start().max(year_ago).min(end)), end)
}
