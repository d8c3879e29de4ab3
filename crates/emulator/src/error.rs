//! What can go wrong before the first request.

use std::net::SocketAddr;

/// Why the emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatorError {
    /// The address is reachable from other machines.
    #[error(
        "listen address {0} is not loopback: must be 127.0.0.1 or [::1], for anyone may become any customer here"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}; port 0 takes a free one")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
    /// There is nobody to play.
    #[error("number of customers is {0}: must be 1 to 10000000")]
    Customers(u32),
    /// A client may send the browser nowhere that can be read.
    #[error("redirect uri `{uri}` of client `{client}` is no http or https URL without a fragment")]
    RedirectUri {
        /// The client.
        client: String,
        /// What was given.
        uri: String,
    },
}
