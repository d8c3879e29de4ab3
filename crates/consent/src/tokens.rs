//! The service that hands out access tokens.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use secrecy::SecretString;
use tokio_util::task::TaskTracker;

use crate::breaker::Breaker;
use crate::endpoint::Endpoint;
use crate::secret::{random_id, same};
use crate::store::Row;
use crate::{
    Clock, ConfigError, ConsentState, CustomerId, Options, ProviderConfig, Store, StoreError, TokenError,
};

/// A customer's access token and until when it is good. Never shows itself in `Debug`.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The bearer token.
    pub secret: SecretString,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// The scope granted; none if the provider did not say.
    pub scope: Option<String>,
}

type Flight = Shared<BoxFuture<'static, Result<AccessToken, TokenError>>>;

/// Hands out the live access tokens of one provider's customers, refreshing behind the scenes. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) endpoint: Endpoint,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: Options,
    pub(crate) breaker: Breaker,
    /// Names this process in leases.
    pub(crate) owner: String,
    tasks: TaskTracker,
    /// Whether anything may start.
    open: Mutex<bool>,
    flights: Mutex<HashMap<CustomerId, Flight>>,
}

impl Tokens {
    /// The customers of `provider` as `store` keeps them.
    ///
    /// # Errors
    /// If the provider's configuration cannot be trusted with secrets, or a lease would end before its request.
    pub fn new(
        store: Store,
        provider: ProviderConfig,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<Self, ConfigError> {
        options.timing.checked()?;
        let endpoint = Endpoint::new(provider, options.timing.request)?;
        let owner = random_id().map_err(|cause| ConfigError::Http(format!("no randomness: {cause}")))?;
        let breaker = Breaker::new(options.storm, options.timing.halt);
        let (tasks, open, flights) = (TaskTracker::new(), Mutex::new(true), Mutex::default());
        let inner = Inner { store, endpoint, clock, options, breaker, owner, tasks, open, flights };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The store it works on.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The provider it asks.
    pub fn provider(&self) -> &ProviderConfig {
        &self.inner.endpoint.config
    }

    /// A token that is good for a while yet: the stored one, or a new one. The caller may leave at any time.
    ///
    /// # Errors
    /// Says whether the customer must consent again, whether to try later, or what to check.
    pub async fn access_token(&self, customer: &CustomerId) -> Result<AccessToken, TokenError> {
        match self.inner.standing(&self.inner.row(customer).await?)? {
            Some(token) => Ok(token),
            None => self.refreshed(customer).await,
        }
    }

    /// Says that the provider refused `token` with a 401; another token, after at most one refresh.
    ///
    /// # Errors
    /// As [`Self::access_token`]; also if the refused token is itself only a moment old.
    pub async fn reject(
        &self,
        customer: &CustomerId,
        token: &AccessToken,
    ) -> Result<AccessToken, TokenError> {
        let inner = &self.inner;
        let row = inner.row(customer).await?;
        let stored = row.access.as_ref().is_some_and(|stored| same(stored, &token.secret));
        if stored && row.consent.state == ConsentState::Active {
            if inner.clock.now() - row.consent.last_ok_at < chrono::TimeDelta::minutes(1) {
                return Err(TokenError::StillRejected(customer.clone()));
            }
            inner.store.expire_access(&inner.endpoint.config.id, customer, row.consent.version).await?;
        }
        self.access_token(customer).await
    }

    /// Up to `limit` connected customers in the order of their ids' bytes, from the one after `after`; an empty page
    /// is the end. Those who must consent again are among them, those who were disconnected here are not.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn customers(
        &self,
        after: Option<&CustomerId>,
        limit: u32,
    ) -> Result<Vec<CustomerId>, StoreError> {
        self.inner.store.connected(&self.provider().id, after, limit).await
    }

    /// How many customers [`Self::customers`] lists.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn count(&self) -> Result<u64, StoreError> {
        self.inner.store.count_connected(&self.provider().id).await
    }

    /// Waits until every refresh under way is written down. Nothing new starts; call before the process ends.
    pub async fn shutdown(&self) {
        self.inner.close();
        self.inner.tasks.wait().await;
    }

    /// Joins the refresh of this customer that is under way in this process, or starts one.
    async fn refreshed(&self, customer: &CustomerId) -> Result<AccessToken, TokenError> {
        let flight = {
            let mut flights = self.inner.flights.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(flight) = flights.get(customer) {
                flight.clone()
            } else {
                let flight = self.start(customer)?;
                flights.insert(customer.clone(), flight.clone());
                flight
            }
        };
        flight.await
    }

    /// A task of its own: a caller that leaves must not take a half-done rotation with it.
    fn start(&self, customer: &CustomerId) -> Result<Flight, TokenError> {
        let (inner, customer) = (Arc::clone(&self.inner), customer.clone());
        let work = async move {
            // Made here and not before: a flight that never starts is not on the list.
            let landing = Landing { inner, customer };
            landing.inner.refresh(&landing.customer).await
        };
        let task = self.inner.spawn(work.boxed())?;
        Ok(task.map(|done| done?).boxed().shared())
    }
}

impl Inner {
    pub(crate) async fn row(&self, customer: &CustomerId) -> Result<Row, TokenError> {
        let row = self.store.load(&self.endpoint.config.id, customer).await?;
        row.ok_or_else(|| TokenError::Unknown(customer.clone()))
    }

    /// The token that the row offers; none if it must be refreshed first.
    pub(crate) fn standing(&self, row: &Row) -> Result<Option<AccessToken>, TokenError> {
        let customer = row.consent.customer.clone();
        match row.consent.state {
            ConsentState::RevokedLocal => Err(TokenError::Disconnected(customer)),
            ConsentState::NeedsConsent(reason) => Err(TokenError::NeedsConsent { customer, reason }),
            ConsentState::Active | ConsentState::Refreshing => {
                let expires_at = row.consent.access_expires_at;
                let live = expires_at > self.clock.now() + self.options.timing.skew;
                let token = row.access.clone().filter(|_| live);
                let scope = row.consent.scope.clone();
                Ok(token.map(|secret| AccessToken { secret, expires_at, scope }))
            }
        }
    }

    /// Lets nothing new start, not even what is about to.
    fn close(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.tasks.close();
    }

    /// Runs `work` to its end whatever becomes of the caller; refuses once the process shuts down.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: BoxFuture<'static, T>,
    ) -> Result<BoxFuture<'static, Result<T, TokenError>>, TokenError> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if !*open {
            return Err(TokenError::Stopped("the process is shutting down"));
        }
        let task = self.tasks.spawn(work);
        Ok(task.map(|done| done.map_err(|_| TokenError::Stopped("its task died"))).boxed())
    }
}

/// Takes a flight off the list when its task ends, even by a panic: no customer waits for a dead one.
struct Landing {
    inner: Arc<Inner>,
    customer: CustomerId,
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.inner.flights.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.customer);
    }
}

/// A wait of `base`, so shifted by the customer that not all wake at once.
pub(crate) fn spread(base: Duration, customer: &CustomerId) -> Duration {
    let sum: u32 = customer.as_str().bytes().map(u32::from).sum();
    base + base * (sum % 50) / 100
}

impl fmt::Debug for Tokens {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tokens").field("provider", &self.inner.endpoint.config.id).finish_non_exhaustive()
    }
}
