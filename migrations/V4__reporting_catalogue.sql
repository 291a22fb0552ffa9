-- Reports name projects by id; what the ids stand for comes by events into a catalogue of the read model's own.

-- The last applied state of each project, client, task and tag. What was deleted stays with its last name:
-- reports on the past name it, and a late repeat of an older event is seen to be older.
CREATE TABLE reporting.catalogue (
    kind       text NOT NULL,
    id         uuid NOT NULL,
    version    bigint NOT NULL,
    name       text NOT NULL,
    color      text NOT NULL,
    archived   boolean NOT NULL,
    -- A project's client, a task's project.
    parent     uuid,
    deleted    boolean NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, id),
    CONSTRAINT catalogue_kind CHECK (kind IN ('project', 'client', 'task', 'tag'))
);

-- A function with one signature more would be a function more: the one by text goes.
DROP FUNCTION IF EXISTS reporting.apply_entry(uuid, uuid, bigint, text, jsonb);

ALTER TABLE reporting.entry_facts DROP COLUMN project, ADD COLUMN project_id uuid;

DROP TABLE reporting.daily_totals;
-- Seconds per person, day and project (NULL is no project, and one group like any other).
CREATE TABLE reporting.daily_totals (
    user_id    uuid NOT NULL,
    day        date NOT NULL,
    project_id uuid,
    seconds    bigint NOT NULL,
    CONSTRAINT daily_totals_key UNIQUE NULLS NOT DISTINCT (user_id, day, project_id)
);

-- What is there already. The catalogue's first rows had no events, and messages that still wait in the queue
-- name projects by text; so, this once and as the owner of both schemas, the model is made from the source:
-- the log has each entry's last version and days, its row the project that the version before this one gave it.
INSERT INTO reporting.catalogue (kind, id, version, name, color, archived, parent, deleted)
SELECT kind, id, version, name, color, archived_at IS NOT NULL, parent_id, deleted_at IS NOT NULL
FROM tracking.catalogue;

DELETE FROM reporting.entry_facts;
INSERT INTO reporting.entry_facts (entry_id, user_id, version, project_id, days)
SELECT DISTINCT ON (v.subject) v.subject, v.user_id, (v.envelope->'data'->>'version')::bigint,
    CASE WHEN e.deleted_at IS NULL THEN e.project_id END, v.envelope->'data'->'days'
FROM tracking.events v JOIN tracking.time_entries e ON e.id = v.subject
WHERE v.type LIKE 'timetracker.time\_entry.%'
ORDER BY v.subject, v.user_seq DESC;

INSERT INTO reporting.daily_totals (user_id, day, project_id, seconds)
SELECT f.user_id, (d->>'date')::date, f.project_id, sum((d->>'seconds')::bigint)
FROM reporting.entry_facts f, jsonb_array_elements(f.days) d
GROUP BY 1, 2, 3;

GRANT SELECT ON reporting.catalogue, reporting.daily_totals TO reporting_writer, reports_api;
