-- Projects, clients, tasks and tags as resources; what an entry says beside its time; the habits of the protocol
-- (idempotency keys, a lock on the past) and a person's preferences.

-- One table for what an entry can name: all four have a name, a colour and a life of their own.
CREATE TABLE tracking.catalogue (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL,
    name        text NOT NULL,
    color       text NOT NULL,
    -- A project's client, a task's project.
    parent_id   uuid REFERENCES tracking.catalogue,
    version     bigint NOT NULL DEFAULT 1,
    created_by  uuid NOT NULL REFERENCES tracking.users,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    deleted_at  timestamptz,
    demo        boolean NOT NULL DEFAULT false,
    CONSTRAINT catalogue_kind CHECK (kind IN ('project', 'client', 'task', 'tag')),
    CONSTRAINT catalogue_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT catalogue_color CHECK (color ~ '^#[0-9a-f]{6}$'),
    CONSTRAINT catalogue_parent CHECK (
        CASE kind WHEN 'task' THEN parent_id IS NOT NULL WHEN 'project' THEN true ELSE parent_id IS NULL END)
);

-- Names are unique among the living, whatever their case; a task's among those of its project.
CREATE UNIQUE INDEX catalogue_name_taken ON tracking.catalogue
    (kind, (CASE WHEN kind = 'task' THEN parent_id END), lower(name)) NULLS NOT DISTINCT
    WHERE archived_at IS NULL AND deleted_at IS NULL;
CREATE INDEX catalogue_by_name ON tracking.catalogue (kind, lower(name), id) WHERE deleted_at IS NULL;
CREATE INDEX catalogue_by_parent ON tracking.catalogue (parent_id) WHERE parent_id IS NOT NULL;

ALTER TABLE tracking.time_entries
    ADD COLUMN project_id uuid REFERENCES tracking.catalogue,
    ADD COLUMN task_id    uuid REFERENCES tracking.catalogue,
    ADD COLUMN tag_ids    uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN billable   boolean NOT NULL DEFAULT false,
    ADD COLUMN demo       boolean NOT NULL DEFAULT false;

-- Until now a project was a text on the entry.
INSERT INTO tracking.catalogue (id, kind, name, color, created_by)
SELECT gen_random_uuid(), 'project', min(project), '#4f6bed', (array_agg(user_id ORDER BY created_at))[1]
FROM tracking.time_entries WHERE project IS NOT NULL GROUP BY lower(project);
UPDATE tracking.time_entries e SET project_id = c.id
FROM tracking.catalogue c WHERE c.kind = 'project' AND lower(c.name) = lower(e.project);
-- The constraint on its length goes with the column.
ALTER TABLE tracking.time_entries DROP COLUMN project;

-- Entries from before this rule may be longer; new ones and changed ones may not.
ALTER TABLE tracking.time_entries
    ADD CONSTRAINT time_entries_at_most_a_day CHECK (ended_at - started_at <= interval '24 hours') NOT VALID;

-- For lists of everybody's, which say the odd condition; the planner must not take it for one person's, where it would
-- read past the others.
CREATE INDEX time_entries_by_start ON tracking.time_entries (started_at DESC, id DESC)
    WHERE deleted_at IS NULL AND started_at > '-infinity';
CREATE INDEX time_entries_by_update ON tracking.time_entries (user_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX time_entries_by_project ON tracking.time_entries (project_id, user_id, started_at DESC, id DESC)
    WHERE deleted_at IS NULL AND project_id IS NOT NULL;
CREATE INDEX time_entries_by_task ON tracking.time_entries (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX time_entries_demo ON tracking.time_entries (user_id, started_at) WHERE demo AND deleted_at IS NULL;
CREATE INDEX time_entries_by_tag ON tracking.time_entries USING gin (tag_ids) WHERE tag_ids <> '{}';

-- A person's profile. Version 0 is the profile that nobody has changed.
ALTER TABLE tracking.users
    ADD COLUMN zone                    text NOT NULL DEFAULT 'UTC',
    ADD COLUMN locale                  text NOT NULL DEFAULT 'en',
    ADD COLUMN week_start              text NOT NULL DEFAULT 'iso',
    ADD COLUMN daily_target_minutes    bigint NOT NULL DEFAULT 480,
    ADD COLUMN forgotten_after_minutes bigint NOT NULL DEFAULT 600,
    ADD COLUMN version                 bigint NOT NULL DEFAULT 0,
    ADD COLUMN demo                    boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT users_daily_target CHECK (daily_target_minutes BETWEEN 0 AND 1440),
    ADD CONSTRAINT users_forgotten_after CHECK (forgotten_after_minutes BETWEEN 1 AND 1440);

-- Time before this instant is settled: nobody writes there. One row.
CREATE TABLE tracking.period_lock (
    one           boolean PRIMARY KEY DEFAULT true CHECK (one),
    locked_before timestamptz,
    version       bigint NOT NULL DEFAULT 1,
    changed_by    uuid,
    changed_at    timestamptz
);
INSERT INTO tracking.period_lock DEFAULT VALUES;

-- The stored answers of successful writes, for repeats with the same Idempotency-Key.
CREATE TABLE tracking.idempotency_keys (
    user_id     uuid NOT NULL REFERENCES tracking.users,
    key         text NOT NULL,
    -- SHA-256 of the request, so that a key used for another one is seen.
    fingerprint text NOT NULL,
    result      jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_by_age ON tracking.idempotency_keys (created_at);

-- The slice before had one signature for each write; now all go through tracking.write.
DROP FUNCTION IF EXISTS tracking.create_entry, tracking.change_entry, tracking.delete_entry, tracking.record_event,
    tracking.entry_state, tracking.overlapping, tracking.lock_owner;

GRANT SELECT ON tracking.catalogue, tracking.period_lock, tracking.idempotency_keys TO tracking_api;
