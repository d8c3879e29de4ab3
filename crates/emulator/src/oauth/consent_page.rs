//! The page on which a customer allows or denies.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::authorize::Request;
use crate::text::escaped;

/// Small enough to stand in the page; no script runs there.
const STYLE: &str = "
:root{color-scheme:light dark;--ink:#14213d;--soft:#5c677d;--card:#fff;--back:#eef2f7;--line:#d5dce6;--go:#0b7a53}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf5;--soft:#9aa7bb;--card:#18202e;--back:#0e141f;--line:#2c3749;--go:#3ecf96}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--back);
color:var(--ink);font:1rem/1.55 system-ui,sans-serif}main{width:min(27rem,92vw);background:var(--card);padding:2rem;
border:1px solid var(--line);border-radius:1rem;box-shadow:0 12px 40px #0b1b3618}h1{font-size:1.35rem;line-height:1.3;
margin:.2rem 0 1rem}.tag{font-size:.75rem;letter-spacing:.08em;text-transform:uppercase;color:var(--soft);margin:0}
ul{padding-left:1.2rem;margin:.6rem 0 1.2rem}.soft{color:var(--soft);font-size:.9rem}label{display:block;font-weight:600}
input{width:100%;font:inherit;padding:.6rem .75rem;margin:.35rem 0 .3rem;border:1px solid var(--line);border-radius:.5rem;
background:transparent;color:inherit}.row{display:flex;gap:.75rem;margin-top:1.3rem}button{flex:1;font:inherit;
font-weight:600;padding:.7rem;border-radius:.5rem;border:1px solid var(--line);background:transparent;color:inherit;
cursor:pointer}button[value=allow]{background:var(--go);border-color:var(--go);color:#fff}
@media(prefers-color-scheme:dark){button[value=allow]{color:#06281b}}
:focus-visible{outline:3px solid #3b82f6;outline-offset:2px}";

/// The page for a checked request; `query` comes back with the answer.
pub(crate) fn page(request: &Request, query: &str, customers: u32) -> Response {
    let (client, query) = (escaped(&request.client_id), escaped(query));
    let html = format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Allow access? - emulated provider</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style nonce="page">{STYLE}</style></head><body><main>
<p class="tag">Emulated provider - no real account</p><h1>Let <em>{client}</em> read your energy data?</h1>
<p>It will be able to see, until you take it back:</p>
<ul><li>your electricity contracts</li><li>your prices</li><li>what you used and fed in</li><li>your invoices</li></ul>
<p class="soft">It cannot change anything, and it never sees your password.</p>
<form method="post" action="/__consent?{query}"><label for="customer">You are customer number</label>
<input id="customer" name="customer" type="number" min="1" max="{customers}" value="1" required>
<p class="soft">1 to {customers}. There is no password: nobody real is behind a number.</p>
<div class="row"><button name="decision" value="deny" formnovalidate>Deny</button>
<button name="decision" value="allow">Allow</button></div></form></main></body></html>"#
    );
    // Browsers hold redirects after a form to `form-action` too.
    let policy = format!(
        "default-src 'none'; style-src 'nonce-page'; form-action 'self' {}; frame-ancestors 'none'; base-uri 'none'",
        request.origin()
    );
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    response
}
