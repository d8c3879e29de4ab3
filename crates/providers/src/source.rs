//! What every source of prices does, whoever may ask it.

use crate::days::LocalDays;
use crate::error::ProviderError;
use crate::series::Publication;

/// A provider of prices. Who may ask, and with which token, is part of [`PriceSource::Of`] and never kept.
pub trait PriceSource: Send + Sync {
    /// Whose prices: a bidding zone, or a subscription with a token that may read it.
    type Of: Send + Sync;

    /// The prices of whole local days.
    ///
    /// # Errors
    /// [`ProviderError`] if no answer comes, or one that is not what was asked for; prices that are merely not there
    /// yet are no error.
    fn prices(
        &self,
        of: &Self::Of,
        days: LocalDays,
    ) -> impl Future<Output = Result<Publication, ProviderError>> + Send;
}
