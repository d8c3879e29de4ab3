//! Subscriptions: what a customer buys and sells, and where.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;

use super::Nomos;
use super::time::optional_instant;
use crate::error::{ProviderError, printable};

/// Which way the energy goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the grid.
    Consumption,
    /// Into the grid.
    FeedIn,
}

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubscriptionStatus {
    /// Delivery has not begun.
    Pending,
    /// Delivery goes on.
    Active,
    /// Delivery is over.
    Ended,
    /// A word that this client does not know.
    Other,
}

/// A subscription, without anything personal; ids are the provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub customer: String,
    /// What is bought.
    pub plan: String,
    /// Where: subscriptions at one place share it.
    pub address: String,
    /// Which way.
    pub direction: Direction,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// When delivery began or will, if that is known.
    pub start_at: Option<DateTime<Utc>>,
    /// When delivery ended or will, if that is known.
    pub end_at: Option<DateTime<Utc>>,
}

/// A customer's subscriptions at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Whose it is.
    pub customer: String,
    /// What is bought there.
    pub consumption: Option<Subscription>,
    /// What is sold there.
    pub feed_in: Option<Subscription>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    customer: String,
    plan: String,
    address: String,
    status: String,
    // Absent in older versions of the API, which knew consumption only.
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    start_at: Option<String>,
    #[serde(default)]
    end_at: Option<String>,
}

/// The client with the access of an organisation: one token for all its customers.
#[derive(Clone)]
pub struct NomosOrganisation(Nomos);

impl NomosOrganisation {
    /// A client whose calls come with a token of the organisation.
    pub fn new(client: Nomos) -> Self {
        Self(client)
    }

    pub(super) fn client(&self) -> &Nomos {
        &self.0
    }

    /// The active subscriptions of all customers, by place.
    ///
    /// # Errors
    /// [`ProviderError`] if there is no answer, or one that is not as documented.
    pub async fn connections(&self, token: &SecretString) -> Result<Vec<Connection>, ProviderError> {
        Ok(connections(self.0.active_subscriptions(token).await?))
    }
}

impl Nomos {
    /// The active subscriptions that a token may read, newest first.
    ///
    /// # Errors
    /// [`ProviderError`] if there is no answer, or one that is not as documented.
    pub async fn active_subscriptions(
        &self,
        token: &SecretString,
    ) -> Result<Vec<Subscription>, ProviderError> {
        let items: Vec<Item> = self.list(token, "subscriptions", &[("filter[status][eq]", "active")]).await?;
        let mut known = BTreeSet::new();
        // A subscription made during the walk moves the pages, and some come twice.
        let items = items.into_iter().filter(|item| known.insert(item.id.clone()));
        let all = items.map(subscription).collect::<Result<Vec<_>, _>>()?;
        // A filter that the provider does not know is ignored without a word.
        Ok(all.into_iter().filter(|one| one.status == SubscriptionStatus::Active).collect())
    }

    /// The active subscriptions of the one customer that a token is for, by place.
    ///
    /// # Errors
    /// [`ProviderError`] as above, and if the list holds a second customer, or another than `expected`.
    pub async fn connections(
        &self,
        token: &SecretString,
        expected: Option<&str>,
    ) -> Result<Vec<Connection>, ProviderError> {
        let subscriptions = self.active_subscriptions(token).await?;
        let mut owners = subscriptions.iter().map(|one| one.customer.as_str());
        let owner = expected.or_else(|| owners.clone().next());
        if let Some(other) = owners.find(|one| Some(*one) != owner) {
            let allowed = format!("must be {} in every subscription", owner.unwrap_or_default());
            return Err(ProviderError::unexpected("customer", printable(other), allowed));
        }
        Ok(connections(subscriptions))
    }
}

/// Pairs consumption and feed-in at the same place; a customer's only feed-in goes with the only consumption.
pub fn connections(subscriptions: Vec<Subscription>) -> Vec<Connection> {
    let mut by_customer: BTreeMap<String, Vec<Subscription>> = BTreeMap::new();
    for one in subscriptions {
        by_customer.entry(one.customer.clone()).or_default().push(one);
    }
    by_customer.into_iter().flat_map(|(customer, all)| of_customer(&customer, all)).collect()
}

fn of_customer(customer: &str, all: Vec<Subscription>) -> Vec<Connection> {
    let (bought, mut sold): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| one.direction == Direction::Consumption);
    // The same place may have two ids; with one of each there is no doubt.
    let only = bought.len() == 1 && sold.len() == 1;
    let mut made: Vec<Connection> = Vec::new();
    for consumption in bought {
        let place = sold.iter().position(|feed_in| only || feed_in.address == consumption.address);
        let feed_in = place.map(|place| sold.remove(place));
        made.push(Connection { customer: customer.to_owned(), consumption: Some(consumption), feed_in });
    }
    let alone =
        |feed_in| Connection { customer: customer.to_owned(), consumption: None, feed_in: Some(feed_in) };
    made.extend(sold.into_iter().map(alone));
    made.sort_by(|a, b| a.id().cmp(b.id()));
    made
}

impl Connection {
    /// The id of what is bought, or else of what is sold: it tells a customer's connections apart.
    pub fn id(&self) -> &str {
        self.consumption.as_ref().or(self.feed_in.as_ref()).map_or("", |one| &one.id)
    }
}

fn subscription(item: Item) -> Result<Subscription, ProviderError> {
    let direction = match item.r#type.as_deref() {
        None | Some("consumption") => Direction::Consumption,
        Some("feed_in") => Direction::FeedIn,
        Some(other) => {
            return Err(ProviderError::unexpected(
                "type",
                printable(other),
                "must be consumption or feed_in",
            ));
        }
    };
    let status = match item.status.as_str() {
        "pending" => SubscriptionStatus::Pending,
        "active" => SubscriptionStatus::Active,
        "ended" => SubscriptionStatus::Ended,
        _ => SubscriptionStatus::Other,
    };
    Ok(Subscription {
        direction,
        status,
        start_at: optional_instant(item.start_at.as_deref()),
        end_at: optional_instant(item.end_at.as_deref()),
        id: item.id,
        customer: item.customer,
        plan: item.plan,
        address: item.address,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(id: &str, customer: &str, address: &str, direction: Direction) -> Subscription {
        Subscription {
            id: id.into(),
            customer: customer.into(),
            plan: "pln".into(),
            address: address.into(),
            direction,
            status: SubscriptionStatus::Active,
            start_at: None,
            end_at: None,
        }
    }

    fn pairs(subscriptions: Vec<Subscription>) -> Vec<(Option<String>, Option<String>)> {
        let ids = |one: Connection| (one.consumption.map(|one| one.id), one.feed_in.map(|one| one.id));
        connections(subscriptions).into_iter().map(ids).collect()
    }

    #[test]
    fn feed_in_goes_with_the_consumption_of_its_place_and_of_its_customer() {
        use Direction::{Consumption, FeedIn};
        let two_places = vec![
            one("f2", "a", "second", FeedIn),
            one("c1", "a", "first", Consumption),
            one("c2", "a", "second", Consumption),
            one("f3", "b", "first", FeedIn),
        ];
        let (c1, c2, f2, f3) = (Some("c1".into()), Some("c2".into()), Some("f2".into()), Some("f3".into()));
        assert_eq!(pairs(two_places), [(c1, None), (c2, f2), (None, f3)]);
        let two_ids = vec![one("c1", "a", "x", Consumption), one("f1", "a", "y", FeedIn)];
        assert_eq!(pairs(two_ids), [(Some("c1".into()), Some("f1".into()))]);
    }
}
