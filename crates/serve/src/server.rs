//! Starting and stopping.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use offpeak_consent::{Clock, Gate};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::metrics::Metrics;
use crate::router::router;
use crate::webhook::{Trigger, Worker};
use crate::{Config, Environment, SetupError, connections};

/// How long requests under way may take to end once the service stops.
const DRAIN: Duration = Duration::from_secs(20);

/// A running service. Stop it with [`Self::shutdown`]: dropping it leaves its tasks running.
pub struct Server {
    address: SocketAddr,
    app: Arc<App>,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Server {
    /// Opens the store, listens, and serves in tasks of the runtime that this is called in. Every refresh waits for
    /// `before_refresh`, where requests are counted against a budget.
    ///
    /// # Errors
    /// If a secret, the database or the address cannot be used.
    pub async fn start(
        config: &Config,
        environment: &Environment,
        clock: Arc<dyn Clock>,
        trigger: Arc<dyn Trigger>,
        before_refresh: Option<Gate>,
    ) -> Result<Self, SetupError> {
        let secrets = config.serve_secrets(environment)?;
        let failed = |cause: std::io::Error| SetupError::Listen {
            address: config.serve.listen,
            cause: cause.to_string(),
        };
        let listener = TcpListener::bind(config.serve.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let metrics = Metrics::new();
        let opened = config.open(environment, Arc::clone(&clock), metrics.options(before_refresh)).await?;
        let app = Arc::new(App::new(config, opened, secrets, clock, metrics));
        let stop = CancellationToken::new();
        let worker = Worker::new(Arc::clone(&app), trigger, stop.clone());
        let serving = connections::serve(listener, router(&app, config), stop.clone());
        let tasks = vec![tokio::spawn(serving), tokio::spawn(worker.run())];
        Ok(Self { address, app, stop, tasks })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests, ends those under way, writes every refresh down, closes the store.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        for task in &mut self.tasks {
            if tokio::time::timeout(DRAIN, &mut *task).await.is_err() {
                tracing::warn!("requests take too long to end and are broken off");
                task.abort();
            }
        }
        // Without a limit: a refresh that is under way must be written down, and has its own timeout.
        self.app.tokens.shutdown().await;
        self.app.store.close().await;
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}
