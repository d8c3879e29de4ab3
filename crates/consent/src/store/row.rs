//! One customer's consent at one provider, as it is stored.

use std::fmt;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Store, failed, time};
use crate::{CustomerId, ProviderId, StoreError};

/// What an operator may see of a consent: no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Whose.
    pub customer: CustomerId,
    /// The operator's own words for the customer.
    pub label: String,
    /// Whether there is a consent.
    pub state: ConsentState,
    /// Counts the token pairs.
    pub version: i64,
    /// When the customer last consented.
    pub granted_at: DateTime<Utc>,
    /// When a token was last received.
    pub last_ok_at: DateTime<Utc>,
    /// When the stored access token ends.
    pub access_expires_at: DateTime<Utc>,
    /// The scope granted; none if the provider did not say.
    pub scope: Option<String>,
    /// The provider's code of the last failure since then.
    pub last_error_code: Option<String>,
    /// The provider's id of the request that failed or succeeded last.
    pub last_request_id: Option<String>,
}

/// Whether there is a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// There is.
    Active,
    /// A refresh is under way, or its answer was lost.
    Refreshing,
    /// There is none any more.
    NeedsConsent(Reason),
    /// The operator disconnected the customer; its tokens are deleted.
    RevokedLocal,
}

/// Why a fresh consent is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The provider refuses the refresh token: the customer left, or the token expired unused.
    Refused,
    /// The answer to a refresh was lost after the provider had rotated the token.
    LostRotation,
    /// The access token has ended and there never was a refresh token.
    NoRefreshToken,
}

impl Reason {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::LostRotation => "lost_rotation",
            Self::NoRefreshToken => "no_refresh_token",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Self::Refused, Self::LostRotation, Self::NoRefreshToken]
            .into_iter()
            .find(|reason| reason.as_str() == text)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Refused => "the provider refuses the refresh token: the customer left, or it expired",
            Self::LostRotation => "the answer to a refresh was lost after the provider had rotated the token",
            Self::NoRefreshToken => "the access token has ended and there is no refresh token",
        })
    }
}

/// A pair of tokens as the provider gave it.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access: SecretString,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) refresh: Option<SecretString>,
    pub(crate) scope: Option<String>,
}

/// A consent with its tokens and lease.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) consent: Consent,
    pub(crate) access: Option<SecretString>,
    pub(crate) refresh: Option<SecretString>,
    pub(crate) attempt_id: String,
    pub(crate) attempt_at: DateTime<Utc>,
    /// Who refreshes; none while nobody does, even if `lease_until` asks to wait.
    pub(crate) lease_owner: Option<String>,
    pub(crate) lease_until: DateTime<Utc>,
    /// How many answers in a row were lost.
    pub(crate) doubts: i64,
    /// Since when the provider refuses the refresh token; none if it does not.
    pub(crate) refused_at: Option<DateTime<Utc>>,
}

/// A column of a row.
pub(super) fn cell<'r, T>(row: &'r AnyRow, column: &'static str) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, sqlx::Any> + sqlx::Type<sqlx::Any>,
{
    row.try_get(column).map_err(failed(column))
}

/// The customer of a row.
pub(super) fn customer(row: &AnyRow) -> Result<CustomerId, StoreError> {
    let id: String = cell(row, "customer")?;
    let value = id.escape_debug().to_string();
    id.parse().map_err(|_| StoreError::Row { customer: "?".to_owned(), column: "customer", value })
}

pub(super) fn consent(row: &AnyRow) -> Result<Consent, StoreError> {
    let customer: String = cell(row, "customer")?;
    let bad =
        |column, value: &str| StoreError::Row { customer: customer.clone(), column, value: value.to_owned() };
    let state: String = cell(row, "state")?;
    let reason: Option<String> = cell(row, "reason")?;
    let reason = reason.unwrap_or_default();
    Ok(Consent {
        state: match state.as_str() {
            "active" => ConsentState::Active,
            "refreshing" => ConsentState::Refreshing,
            "needs_consent" => {
                ConsentState::NeedsConsent(Reason::read(&reason).ok_or_else(|| bad("reason", &reason))?)
            }
            "revoked_local" => ConsentState::RevokedLocal,
            _ => return Err(bad("state", &state)),
        },
        customer: customer.parse().map_err(|_| bad("customer", "?"))?,
        label: cell(row, "label")?,
        version: cell(row, "version")?,
        granted_at: time(cell(row, "granted_at")?),
        last_ok_at: time(cell(row, "last_ok_at")?),
        access_expires_at: time(cell(row, "access_exp")?),
        scope: cell(row, "scope")?,
        last_error_code: cell(row, "last_error_code")?,
        last_request_id: cell(row, "last_request_id")?,
    })
}

impl Store {
    /// The row of a customer with its tokens opened.
    pub(crate) async fn load(
        &self,
        provider: &ProviderId,
        customer: &CustomerId,
    ) -> Result<Option<Row>, StoreError> {
        let found = sqlx::query(
            "SELECT customer, label, state, reason, version, granted_at, last_ok_at, access_exp, scope, \
             last_error_code, last_request_id, access_ct, refresh_ct, attempt_id, attempt_at, lease_owner, \
             lease_until, doubts, refused_at FROM consents WHERE tenant = $1 AND provider = $2 AND customer = $3",
        )
        .bind(self.tenant.as_str())
        .bind(provider.as_str())
        .bind(customer.as_str())
        .fetch_optional(&self.pool)
        .await
        .map_err(failed("read a consent"))?;
        found.map(|row| self.opened(provider, &row)).transpose()
    }

    fn opened(&self, provider: &ProviderId, row: &AnyRow) -> Result<Row, StoreError> {
        let consent = consent(row)?;
        let open = |column, sealed: Option<Vec<u8>>| {
            let place = self.place(provider, consent.customer.as_str(), column, consent.version);
            sealed.map(|sealed| self.ring.open_text(&place, &sealed)).transpose()
        };
        Ok(Row {
            access: open("access", cell(row, "access_ct")?)?,
            refresh: open("refresh", cell(row, "refresh_ct")?)?,
            attempt_id: cell(row, "attempt_id")?,
            attempt_at: time(cell(row, "attempt_at")?),
            lease_owner: cell(row, "lease_owner")?,
            lease_until: time(cell(row, "lease_until")?),
            doubts: cell(row, "doubts")?,
            refused_at: Some(cell(row, "refused_at")?).filter(|at| *at != 0).map(time),
            consent,
        })
    }
}
