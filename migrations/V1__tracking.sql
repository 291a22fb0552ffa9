-- The Time Entry Service: entries, the append-only log of their changes, and the outbox of what is still to be sent.
-- Roles may read tables and call functions; only functions (migrations/functions) write. See docs/ARCHITECTURE.md.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- PostgreSQL lets everybody call a new function; ours are granted by name.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE SCHEMA tracking;

-- One row per person, made at the first write. It is the lock that puts a person's changes in order.
CREATE TABLE tracking.users (
    id          uuid PRIMARY KEY,
    username    text NOT NULL,
    name        text NOT NULL,
    -- The number of the person's last event: readers of the log follow it, since a global sequence skips late commits.
    event_seq   bigint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tracking.time_entries (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES tracking.users,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    zone        text NOT NULL,
    description text NOT NULL,
    project     text,
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz,
    CONSTRAINT time_entries_end_after_start CHECK (ended_at > started_at),
    CONSTRAINT time_entries_description_length CHECK (char_length(description) <= 1000),
    CONSTRAINT time_entries_project_length CHECK (char_length(project) BETWEEN 1 AND 100),
    -- A running entry (no end) must not block the future, so only closed ones exclude each other.
    CONSTRAINT time_entries_no_overlap EXCLUDE USING gist (
        user_id WITH =, tstzrange(started_at, ended_at) WITH &&
    ) WHERE (ended_at IS NOT NULL AND deleted_at IS NULL)
);

CREATE UNIQUE INDEX time_entries_one_running ON tracking.time_entries (user_id)
    WHERE ended_at IS NULL AND deleted_at IS NULL;

CREATE INDEX time_entries_by_user ON tracking.time_entries (user_id, started_at DESC, id DESC)
    WHERE deleted_at IS NULL;

-- What happened, for ever: the audit log, and the source from which the read model can be built again.
CREATE TABLE tracking.events (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES tracking.users,
    user_seq    bigint NOT NULL,
    type        text NOT NULL,
    subject     uuid NOT NULL,
    -- A CloudEvents 1.0 envelope, sent as it is.
    envelope    jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, user_seq)
);

CREATE INDEX events_by_subject ON tracking.events (subject, user_seq);

-- What is still to be sent. The bridge deletes a row once RabbitMQ has confirmed it.
CREATE TABLE tracking.outbox (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id        uuid NOT NULL UNIQUE REFERENCES tracking.events,
    routing_key     text NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    last_error      text
);

CREATE INDEX outbox_due ON tracking.outbox (next_attempt_at, id);

GRANT USAGE ON SCHEMA tracking TO tracking_api, bridge;
GRANT SELECT ON tracking.users, tracking.time_entries, tracking.events TO tracking_api;
GRANT SELECT ON tracking.events TO bridge;
GRANT SELECT, UPDATE, DELETE ON tracking.outbox TO bridge;
