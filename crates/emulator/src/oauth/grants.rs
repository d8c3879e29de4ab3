//! What customers allowed, and the tokens of it: which is newest, which was used before, which are dead.
//!
//! A grant is a few words of memory however often its tokens rotate: a token names its grant and generation under a
//! seal, so an old one is recognised without having been kept.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::config::Reuse;
use crate::mac::{Seal, s256};

/// Seconds in which a code must be used.
const CODE_S: i64 = 600;

/// A pair of tokens, as the token endpoint answers.
#[derive(Serialize)]
pub(crate) struct Pair {
    pub(crate) access_token: String,
    pub(crate) token_type: &'static str,
    pub(crate) expires_in: u32,
    pub(crate) refresh_token: String,
    pub(crate) scope: &'static str,
}

/// Who may ask with an access token, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bearer {
    /// The only customer that may be seen; all where none.
    pub(crate) customer: Option<u32>,
    pub(crate) may_write: bool,
    /// The application, for its budget.
    pub(crate) client: u32,
}

/// Why a code or a refresh token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    Unknown,
    Expired,
    Revoked,
    Reused,
    Verifier,
    RedirectUri,
}

impl Refused {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Unknown => "the grant is unknown",
            Self::Expired => "the grant has expired",
            Self::Revoked => "the grant was revoked",
            Self::Reused => "the grant was used before",
            Self::Verifier => "the code verifier does not fit the challenge",
            Self::RedirectUri => "the redirect uri is not that of the authorization request",
        }
    }
}

struct Grant {
    client: u32,
    customer: Option<u32>,
    may_write: bool,
    generation: u32,
    rotated_at: i64,
    is_revoked: bool,
}

/// What a code stands for until it is used.
#[derive(Debug, Clone)]
pub(crate) struct CodeRequest {
    pub(crate) client: u32,
    pub(crate) customer: u32,
    pub(crate) redirect_uri: String,
    /// The S256 or plain challenge, if any.
    pub(crate) challenge: Option<(bool, String)>,
}

enum Code {
    Open(CodeRequest, i64),
    Used { grant: usize, expires: i64 },
}

#[derive(Default)]
struct Book {
    grants: Vec<Grant>,
    codes: HashMap<u64, Code>,
    next_code: u64,
    /// How many codes there were after the last look for old ones.
    codes_kept: usize,
    rotations: u64,
    reuses: u64,
}

/// All grants and codes.
pub(crate) struct Grants {
    seal: Seal,
    reuse: Reuse,
    access_s: u32,
    book: Mutex<Book>,
}

impl Grants {
    pub(crate) fn new(seed: u64, reuse: Reuse, access_s: u32) -> Self {
        Self { seal: Seal::new(seed), reuse, access_s, book: Mutex::default() }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A code for what a customer has just allowed.
    pub(crate) fn code(&self, request: CodeRequest, now: i64) -> String {
        let mut book = self.book();
        book.drop_old_codes(now);
        let number = book.next_code;
        book.next_code += 1;
        book.codes.insert(number, Code::Open(request, now + CODE_S));
        self.seal.seal(&format!("code-{number}"))
    }

    /// Exchanges a code, once; a second use kills what the first one gave.
    pub(crate) fn exchange(
        &self,
        code: &str,
        client: u32,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
        now: i64,
    ) -> Result<Pair, Refused> {
        let number = self.seal.open(code).and_then(|text| text.strip_prefix("code-")?.parse().ok());
        let number: u64 = number.ok_or(Refused::Unknown)?;
        let mut book = self.book();
        let request = match book.codes.get(&number) {
            None => return Err(Refused::Expired),
            Some(Code::Used { grant, .. }) => {
                let grant = *grant;
                book.revoke(grant);
                book.reuses += 1;
                return Err(Refused::Reused);
            }
            Some(Code::Open(_, expires)) if now > *expires => return Err(Refused::Expired),
            Some(Code::Open(request, _)) => request.clone(),
        };
        request.check(client, redirect_uri, verifier)?;
        let grant = book.add(client, Some(request.customer), false, now);
        book.codes.insert(number, Code::Used { grant, expires: now + CODE_S });
        Ok(self.pair(&book.grants[grant], grant, now))
    }

    /// Opens a grant without a code: an organisation's own, or one that an admin or a test asks for.
    pub(crate) fn open(&self, client: u32, customer: Option<u32>, may_write: bool, now: i64) -> Pair {
        let mut book = self.book();
        let grant = book.add(client, customer, may_write, now);
        self.pair(&book.grants[grant], grant, now)
    }

    /// Rotates: the token given is dead after this, whether or not the answer arrives.
    pub(crate) fn refresh(&self, token: &str, client: u32, now: i64) -> Result<Pair, Refused> {
        let (number, generation) = self.refresh_parts(token).ok_or(Refused::Unknown)?;
        let mut book = self.book();
        let grant = book.grants.get(number).filter(|grant| grant.client == client).ok_or(Refused::Unknown)?;
        if grant.is_revoked {
            return Err(Refused::Revoked);
        }
        if generation != grant.generation {
            let is_graced = matches!(self.reuse, Reuse::Grace(seconds)
                if generation + 1 == grant.generation && now - grant.rotated_at <= i64::from(seconds));
            book.reuses += 1;
            if !is_graced {
                if self.reuse != Reuse::Refused {
                    book.revoke(number);
                }
                return Err(Refused::Reused);
            }
        }
        book.rotations += 1;
        book.grants[number].generation += 1;
        book.grants[number].rotated_at = now;
        Ok(self.pair(&book.grants[number], number, now))
    }

    /// Who an access token belongs to.
    pub(crate) fn bearer(&self, token: &str, now: i64) -> Result<Bearer, Refused> {
        let (number, expires) = self.access_parts(token).ok_or(Refused::Unknown)?;
        let book = self.book();
        let grant = book.grants.get(number).ok_or(Refused::Unknown)?;
        match (grant.is_revoked, now >= expires) {
            (true, _) => Err(Refused::Revoked),
            (_, true) => Err(Refused::Expired),
            _ => Ok(Bearer { customer: grant.customer, may_write: grant.may_write, client: grant.client }),
        }
    }

    /// Revokes what a customer allowed, to one client or to all; how many grants that were alive.
    pub(crate) fn revoke(&self, customer: u32, client: Option<u32>) -> usize {
        let mut book = self.book();
        let hit = |grant: &&mut Grant| {
            grant.customer == Some(customer)
                && client.is_none_or(|one| one == grant.client)
                && !grant.is_revoked
        };
        book.grants.iter_mut().filter(hit).map(|grant| grant.is_revoked = true).count()
    }

    /// Rotations, reuses, and grants alive.
    pub(crate) fn counts(&self) -> (u64, u64, usize) {
        let book = self.book();
        (book.rotations, book.reuses, book.grants.iter().filter(|grant| !grant.is_revoked).count())
    }

    fn pair(&self, grant: &Grant, number: usize, now: i64) -> Pair {
        let expires = now + i64::from(self.access_s);
        Pair {
            access_token: self.seal.seal(&format!("at-{number}-{}-{expires}", grant.generation)),
            token_type: "Bearer",
            expires_in: self.access_s,
            refresh_token: self.seal.seal(&format!("rt-{number}-{}", grant.generation)),
            scope: if grant.may_write { "read:* write:*" } else { "read:*" },
        }
    }

    fn refresh_parts(&self, token: &str) -> Option<(usize, u32)> {
        let (number, generation) = self.seal.open(token)?.strip_prefix("rt-")?.split_once('-')?;
        Some((number.parse().ok()?, generation.parse().ok()?))
    }

    fn access_parts(&self, token: &str) -> Option<(usize, i64)> {
        let mut parts = self.seal.open(token)?.strip_prefix("at-")?.splitn(3, '-');
        let number = parts.next()?.parse().ok()?;
        Some((number, parts.nth(1)?.parse().ok()?))
    }
}

impl Book {
    fn add(&mut self, client: u32, customer: Option<u32>, may_write: bool, now: i64) -> usize {
        let grant = Grant { client, customer, may_write, generation: 0, rotated_at: now, is_revoked: false };
        self.grants.push(grant);
        self.grants.len() - 1
    }

    /// Looks at all codes only when they have doubled: else each of many customers would look at those of all others.
    fn drop_old_codes(&mut self, now: i64) {
        if self.codes.len() >= 2 * self.codes_kept + 16 {
            self.codes.retain(|_, code| now <= code.expires());
            self.codes_kept = self.codes.len();
        }
    }

    fn revoke(&mut self, number: usize) {
        self.grants[number].is_revoked = true;
    }
}

impl Code {
    fn expires(&self) -> i64 {
        match self {
            Self::Open(_, expires) | Self::Used { expires, .. } => *expires,
        }
    }
}

impl CodeRequest {
    /// A redirect URI may be left out, for the provider's document does not list it; one that is given must fit.
    fn check(&self, client: u32, redirect_uri: Option<&str>, verifier: Option<&str>) -> Result<(), Refused> {
        if self.client != client {
            return Err(Refused::Unknown);
        }
        if redirect_uri.is_some_and(|uri| uri != self.redirect_uri) {
            return Err(Refused::RedirectUri);
        }
        let fits = match (&self.challenge, verifier) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((true, challenge)), Some(verifier)) => *challenge == s256(verifier),
            (Some((false, challenge)), Some(verifier)) => challenge == verifier,
        };
        if fits { Ok(()) } else { Err(Refused::Verifier) }
    }
}
