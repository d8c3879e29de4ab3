//! How many customers a second: a figure to quote, not a limit to keep.

use std::time::Instant;

use futures::StreamExt;
use futures::stream::iter;

use crate::support::databases::Database;
use crate::support::fake::Fake;
use crate::support::{connect, customer, options, tokens};

const CUSTOMERS: usize = 2_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: run it alone with --nocapture"]
async fn how_many_refreshes_and_live_tokens_a_second() {
    for database in Database::both() {
        let fake = Fake::start().await;
        fake.expires_in("1");
        let tokens = tokens(&database.open().await, &fake.base, options());
        let ids: Vec<_> = (0..CUSTOMERS).map(|index| customer(&format!("c{index}"))).collect();
        let connecting = iter(&ids).map(|id| connect(&tokens, id.as_str()));
        connecting.buffer_unordered(16).collect::<Vec<_>>().await;
        fake.expires_in("3600");
        for what in ["refreshes", "live tokens"] {
            let started = Instant::now();
            let asked = iter(&ids).map(|id| tokens.access_token(id)).buffer_unordered(16);
            let failed = asked.filter(|token| futures::future::ready(token.is_err())).count().await;
            assert_eq!(failed, 0);
            let rate = CUSTOMERS as f64 / started.elapsed().as_secs_f64();
            println!("{:?}: {rate:.0} {what}/s", database.place);
        }
        assert_eq!(fake.lock().refreshes, CUSTOMERS);
    }
}
