//! Reductions of the grid fee (§14a EnWG).

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;

use super::Nomos;
use super::time::optional_instant;
use crate::error::ProviderError;

/// The kind of a reduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GridFeeModule {
    /// A flat sum.
    One,
    /// A share of the price per kWh.
    Two,
    /// Prices by the time of day; they show in the grid part of a price.
    Three,
    /// One that this client does not know.
    Other,
}

/// Where an order of a reduction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReductionStatus {
    /// Wished for.
    Intended,
    /// Ordered of the grid operator.
    Ordered,
    /// Declined by it.
    Rejected,
    /// In force within its validity.
    Activated,
    /// Over.
    Ended,
    /// A word that this client does not know.
    Other,
}

/// A reduction of the grid fee of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridFeeReduction {
    /// Its id.
    pub id: String,
    /// The subscription that it is for.
    pub subscription: String,
    /// The customer who has it.
    pub customer: String,
    /// Its kind.
    pub module: GridFeeModule,
    /// Where it stands.
    pub status: ReductionStatus,
    /// From when on it is valid, if that is known.
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when, if it ends.
    pub valid_until: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    subscription: String,
    customer: String,
    r#type: String,
    status: String,
    #[serde(default)]
    valid_from: Option<String>,
    #[serde(default)]
    valid_until: Option<String>,
}

impl GridFeeReduction {
    /// Whether it counts at `instant`: only what is activated does, and only within its validity.
    pub fn counts_at(&self, instant: DateTime<Utc>) -> bool {
        self.status == ReductionStatus::Activated
            && self.valid_from.is_some_and(|from| from <= instant)
            && self.valid_until.is_none_or(|until| instant < until)
    }
}

impl Nomos {
    /// The reductions that a token may read, newest first, in whatever state.
    ///
    /// # Errors
    /// [`ProviderError`] if there is no answer, or one that is not as documented.
    pub async fn grid_fee_reductions(
        &self,
        token: &SecretString,
    ) -> Result<Vec<GridFeeReduction>, ProviderError> {
        let items: Vec<Item> = self.list(token, "grid-fee-reductions", &[]).await?;
        Ok(items.into_iter().map(reduction).collect())
    }
}

fn reduction(item: Item) -> GridFeeReduction {
    let module = match item.r#type.as_str() {
        "enwg-14a-module-1" => GridFeeModule::One,
        "enwg-14a-module-2" => GridFeeModule::Two,
        "enwg-14a-module-3" => GridFeeModule::Three,
        _ => GridFeeModule::Other,
    };
    let status = match item.status.as_str() {
        "intended" => ReductionStatus::Intended,
        "ordered" => ReductionStatus::Ordered,
        "rejected" => ReductionStatus::Rejected,
        "activated" => ReductionStatus::Activated,
        "ended" => ReductionStatus::Ended,
        _ => ReductionStatus::Other,
    };
    GridFeeReduction {
        module,
        status,
        valid_from: optional_instant(item.valid_from.as_deref()),
        valid_until: optional_instant(item.valid_until.as_deref()),
        id: item.id,
        subscription: item.subscription,
        customer: item.customer,
    }
}
