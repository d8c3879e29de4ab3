//! Lists in pages, walked to their end.

use std::collections::HashSet;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Nomos;
use crate::error::ProviderError;

/// The most that a page may hold by the provider's rules.
const PAGE: &str = "100";

/// More pages than any organisation fills: a list that goes on has no end.
const MOST_PAGES: usize = 20_000;

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Page<T> {
    items: Vec<T>,
    #[serde(default, rename = "next_page")]
    next: Option<String>,
    #[serde(default)]
    has_more: Option<bool>,
}

impl Nomos {
    /// All items of a list; every page is asked for with the same `query`.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        token: &SecretString,
        list: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, ProviderError> {
        let mut items = Vec::new();
        let mut seen = HashSet::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut asked = query.to_vec();
            asked.push(("limit", PAGE));
            // A cursor is a value of the query and never a place to go to.
            asked.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page: Page<T> = self.get(token, &[list], &asked).await?.json()?;
            items.extend(page.items);
            if page.has_more != Some(true) {
                return Ok(items);
            }
            let Some(next) = page.next.filter(|next| !next.is_empty()) else {
                return Err(ProviderError::unexpected(
                    "next_page",
                    "none, while has_more is true",
                    "must be the cursor of the next page",
                ));
            };
            if !seen.insert(next.clone()) {
                return Err(ProviderError::EndlessList { list: list.into(), pages: seen.len() + 1 });
            }
            cursor = Some(next);
        }
        Err(ProviderError::EndlessList { list: list.into(), pages: MOST_PAGES })
    }
}
