-- What people keep beside the read model: saved reports and links to them. A rebuild of the model does not touch it.
-- The report endpoints read it, and write it by reporting_app.write alone.

CREATE SCHEMA reporting_app;

CREATE TABLE reporting_app.saved_reports (
    id         uuid PRIMARY KEY,
    owner      uuid NOT NULL,
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- What is asked of the summary report; the endpoint checks its form.
    definition jsonb NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX saved_reports_name_taken ON reporting_app.saved_reports (owner, lower(name));

-- Links that show a saved report without login. A revoked one is gone.
CREATE TABLE reporting_app.shares (
    id         uuid PRIMARY KEY,
    report_id  uuid NOT NULL REFERENCES reporting_app.saved_reports ON DELETE CASCADE,
    -- SHA-256 of the token, in hexadecimal digits: whoever reads this table can open no link.
    token_hash text NOT NULL UNIQUE,
    -- The owner's roles when the link was made: it shows what they could see then.
    roles      jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX shares_by_report ON reporting_app.shares (report_id, created_at DESC, id DESC);

-- Answers by idempotency key, as tracking.idempotency_keys has them.
CREATE TABLE reporting_app.idempotency_keys (
    user_id     uuid NOT NULL,
    key         text NOT NULL,
    fingerprint text NOT NULL,
    result      jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_by_age ON reporting_app.idempotency_keys (created_at);

GRANT USAGE ON SCHEMA reporting_app TO reports_api;
GRANT SELECT ON reporting_app.saved_reports, reporting_app.shares TO reports_api;
