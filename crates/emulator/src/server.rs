//! Connections: HTTP/1.1, where an answer can be left out.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::fault::Dropped;

/// Serves until the task is dropped, and all connections with it.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    let router = Arc::new(router);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(connection(stream, router.clone())); }
                // Out of file handles: wait for others to close.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Answers one connection. Axum's own server cannot close without an answer, hence hyper's.
async fn connection(stream: TcpStream, router: Arc<Router>) {
    // Only a hint to the network.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = Router::clone(&router);
        async move {
            let request: Request = request.map(Body::new);
            let Ok(response) = router.oneshot(request).await;
            if response.extensions().get::<Dropped>().is_some() {
                Err(io::Error::other("dropped"))
            } else {
                Ok(response)
            }
        }
    });
    // Whoever breaks off, breaks off: there is nobody to tell.
    let _ =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}
