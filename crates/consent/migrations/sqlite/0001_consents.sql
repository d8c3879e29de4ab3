-- Times are milliseconds since 1970 in UTC. Columns ending in _ct are sealed; key_id names the key they need.
CREATE TABLE consents (
    tenant TEXT NOT NULL,
    provider TEXT NOT NULL,
    customer TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'refreshing', 'needs_consent', 'revoked_local')),
    reason TEXT,
    version BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT NOT NULL DEFAULT 0,
    attempt_id TEXT NOT NULL DEFAULT '',
    attempt_at BIGINT NOT NULL DEFAULT 0,
    doubts BIGINT NOT NULL DEFAULT 0,
    access_ct BLOB,
    access_exp BIGINT NOT NULL DEFAULT 0,
    refresh_ct BLOB,
    prev_refresh_ct BLOB,
    key_id TEXT NOT NULL,
    scope TEXT,
    granted_at BIGINT NOT NULL,
    last_ok_at BIGINT NOT NULL,
    -- When the provider first refused the refresh token since a token was last received; 0 if it did not.
    refused_at BIGINT NOT NULL DEFAULT 0,
    last_error_code TEXT,
    last_request_id TEXT,
    PRIMARY KEY (tenant, provider, customer)
);
CREATE INDEX consents_by_key ON consents (key_id);

-- The raw answers of the token endpoint, kept until their tokens stand in a consent.
CREATE TABLE token_bodies (
    attempt_id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    provider TEXT NOT NULL,
    customer TEXT NOT NULL,
    version BIGINT NOT NULL,
    body_ct BLOB NOT NULL,
    key_id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    orphaned_for TEXT
);

-- Started consents; the state and the browser's cookie are stored as hashes.
CREATE TABLE authorizations (
    state_hash TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    provider TEXT NOT NULL,
    browser_hash TEXT NOT NULL,
    customer TEXT NOT NULL,
    label TEXT NOT NULL,
    verifier_ct BLOB NOT NULL,
    key_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    customer TEXT,
    detail TEXT NOT NULL
);

CREATE TABLE webhook_events (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    body BLOB NOT NULL,
    done_at BIGINT,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE device_tokens (
    token_hash TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    customer TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX device_tokens_by_customer ON device_tokens (tenant, customer);
