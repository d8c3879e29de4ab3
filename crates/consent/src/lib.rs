//! Customers' OAuth2 consents and rotating tokens, kept so that no rotation is lost.
//!
//! A customer consents once ([`Consents`]); from then on [`Tokens::access_token`] hands out a live access token and
//! refreshes behind the scenes. A refresh token works once: whoever loses the answer to a refresh loses the consent.
//! So a refresh is written down before it is sent, its raw answer before it is read, and one process alone may
//! send it. [`Store`] keeps all this sealed, in `SQLite` or `PostgreSQL`. `refresh.rs` holds the order of the steps.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use offpeak_consent::{Clock, CustomerId, KeyRing, Options, ProviderConfig, Store, Tokens};
//! # async fn show(clock: Arc<dyn Clock>, provider: ProviderConfig, keys: KeyRing)
//! # -> Result<(), Box<dyn std::error::Error>> {
//! let store = Store::sqlite("consents.db".as_ref(), "home".parse()?, keys).await?;
//! let tokens = Tokens::new(store, provider, clock, Options::default())?;
//! let customer: CustomerId = "cus_1".parse()?;
//! let token = tokens.access_token(&customer).await?;
//! println!("good until {}", token.expires_at);
//! tokens.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod answer;
mod attempt;
mod breaker;
mod clock;
mod consents;
mod endpoint;
mod error;
mod ids;
mod options;
mod organisation;
mod provider;
mod query;
mod refresh;
mod seal;
mod secret;
mod store;
mod tokens;
mod verdict;

pub use clock::Clock;
pub use consents::{AuthorizeRedirect, Consents, Outcome};
pub use error::{ConfigError, StoreError, TokenError};
pub use ids::{CustomerId, ProviderId, TenantId};
pub use options::{Gate, Options, Step, Timing};
pub use organisation::OrganisationTokens;
pub use provider::ProviderConfig;
pub use seal::KeyRing;
pub use secret::random_secret;
pub use store::{
    AuditRow, Consent, ConsentState, Device, Durability, KeptBody, Reason, Resealed, Store, WebhookEvent,
};
pub use tokens::{AccessToken, Tokens};
