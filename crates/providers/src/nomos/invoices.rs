//! Invoices, and where their files are.

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::time::{instant, optional_instant};
use super::{Nomos, check_id};
use crate::decimal::{Energy, Money};
use crate::error::{ProviderError, printable};

/// What an invoice bills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvoiceKind {
    /// The energy of its period.
    Usage {
        /// As metered.
        energy: Energy,
    },
    /// A fixed amount in advance.
    Prepayment,
    /// Takes an earlier invoice back.
    Void {
        /// The id of that invoice.
        voids: String,
    },
    /// One that this client does not know.
    Other,
}

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvoiceStatus {
    /// To be paid.
    Open,
    /// Paid.
    Paid,
    /// Taken back by another.
    Voided,
    /// Given up.
    Uncollectible,
    /// A word that this client does not know.
    Other,
}

/// An invoice for a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Its id.
    pub id: String,
    /// Whom it bills.
    pub customer: String,
    /// For what.
    pub subscription: String,
    /// What kind it is.
    pub kind: InvoiceKind,
    /// Where it stands.
    pub status: InvoiceStatus,
    /// When its period begins.
    pub period_start: DateTime<Utc>,
    /// When its period ends; that instant is no part of it.
    pub period_end: DateTime<Utc>,
    /// What is to be paid, with all fees and taxes.
    pub total: Money,
    /// When it was issued, if that is known.
    pub issued_at: Option<DateTime<Utc>>,
}

/// Where a file can be had for an hour: whoever knows the link may read it, so it is a secret.
#[derive(Debug, Clone)]
pub struct InvoiceFile {
    /// The link, to another host; to be asked for without any token.
    pub link: SecretString,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    customer: String,
    subscription: String,
    period_start: String,
    period_end: String,
    status: String,
    r#type: String,
    total: f64,
    #[serde(default)]
    usage: Option<f64>,
    #[serde(default)]
    voids: Option<String>,
    #[serde(default)]
    issued_at: Option<String>,
}

impl Nomos {
    /// The invoices of a subscription, newest first.
    ///
    /// # Errors
    /// [`ProviderError`] if there is no answer, or one that is not as documented.
    pub async fn invoices(
        &self,
        token: &SecretString,
        subscription: &str,
    ) -> Result<Vec<Invoice>, ProviderError> {
        let filter = [("filter[subscription][eq]", check_id(subscription)?)];
        let items: Vec<Item> = self.list(token, "invoices", &filter).await?;
        let all = items.into_iter().map(invoice).collect::<Result<Vec<_>, _>>()?;
        // A filter that the provider does not know is ignored without a word.
        Ok(all.into_iter().filter(|one| one.subscription == subscription).collect())
    }

    /// One invoice.
    ///
    /// # Errors
    /// [`ProviderError`] if there is no answer, one that is not as documented, or another invoice.
    pub async fn invoice(&self, token: &SecretString, id: &str) -> Result<Invoice, ProviderError> {
        let one = invoice(self.get(token, &["invoices", check_id(id)?], &[]).await?.json()?)?;
        if one.id == id {
            return Ok(one);
        }
        Err(ProviderError::unexpected("id", printable(&one.id), format!("must be {id}, as asked for")))
    }

    /// Where the file of an invoice is; the link is not followed.
    ///
    /// # Errors
    /// [`ProviderError`] if there is no redirect to an https link, or to one with a user name.
    pub async fn invoice_file(&self, token: &SecretString, id: &str) -> Result<InvoiceFile, ProviderError> {
        let answer = self.get(token, &["invoices", check_id(id)?, "file"], &[]).await?;
        if answer.status != StatusCode::FOUND {
            let found = format!("status {}", answer.status.as_u16());
            return Err(ProviderError::unexpected(
                "invoice file",
                found,
                "must be a redirect with status 302",
            ));
        }
        let link = answer
            .headers
            .get(LOCATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| Url::parse(text).ok());
        match link {
            Some(link)
                if link.scheme() == "https" && link.username().is_empty() && link.password().is_none() =>
            {
                Ok(InvoiceFile { link: SecretString::from(String::from(link)) })
            }
            _ => Err(ProviderError::unexpected(
                "location of the invoice file",
                "none, or not https",
                "must be an absolute https link without a user name",
            )),
        }
    }
}

fn invoice(item: Item) -> Result<Invoice, ProviderError> {
    let kind = match (item.r#type.as_str(), item.usage, item.voids) {
        ("usage", Some(usage), _) => {
            InvoiceKind::Usage { energy: Energy::from_kwh(usage).ok_or_else(|| beyond("usage", usage))? }
        }
        ("usage", None, _) => {
            return Err(ProviderError::unexpected("usage", "none", "must be the kWh of a usage invoice"));
        }
        ("prepayment", ..) => InvoiceKind::Prepayment,
        ("void", _, Some(voids)) => InvoiceKind::Void { voids },
        _ => InvoiceKind::Other,
    };
    let status = match item.status.as_str() {
        "open" => InvoiceStatus::Open,
        "paid" => InvoiceStatus::Paid,
        "voided" => InvoiceStatus::Voided,
        "uncollectible" => InvoiceStatus::Uncollectible,
        _ => InvoiceStatus::Other,
    };
    Ok(Invoice {
        kind,
        status,
        period_start: instant("period_start", &item.period_start)?,
        period_end: instant("period_end", &item.period_end)?,
        total: Money::from_eur(item.total).ok_or_else(|| beyond("total", item.total))?,
        issued_at: optional_instant(item.issued_at.as_deref()),
        id: item.id,
        customer: item.customer,
        subscription: item.subscription,
    })
}

fn beyond(what: &'static str, number: f64) -> ProviderError {
    ProviderError::unexpected(what, number.to_string(), "must be a number that an invoice can hold")
}
