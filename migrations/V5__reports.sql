-- Reports by anything: a read model with every dimension, and a log that is whole enough to build it again from.

-- 1. The log. What the first versions wrote without an event, or in a form that names no project, gets one now:
--    whoever reads the log from its beginning then knows all people, names and entries.
CREATE FUNCTION pg_temp.iso(p_at timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE FUNCTION pg_temp.tell(p_owner uuid, p_aggregate text, p_kind text, p_subject uuid, p_schema text, p_data jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_event uuid := gen_random_uuid();
    v_user tracking.users;
BEGIN
    UPDATE tracking.users SET event_seq = event_seq + 1 WHERE id = p_owner RETURNING * INTO v_user;
    INSERT INTO tracking.events (id, user_id, user_seq, type, subject, envelope)
    VALUES (v_event, p_owner, v_user.event_seq, format('timetracker.%s.%s', p_aggregate, p_kind), p_subject,
        jsonb_build_object('specversion', '1.0', 'id', v_event, 'source', '/timetracker/tracking',
            'type', format('timetracker.%s.%s', p_aggregate, p_kind), 'subject', p_subject,
            'time', pg_temp.iso(clock_timestamp()), 'datacontenttype', 'application/json', 'dataschema', p_schema,
            'data', jsonb_build_object('version', v_user.event_seq) || p_data || jsonb_build_object(
                'user_id', p_owner, 'user_seq', v_user.event_seq,
                'actor', jsonb_build_object('id', p_owner, 'name', v_user.name))));
    INSERT INTO tracking.outbox (event_id, routing_key) VALUES (v_event, p_aggregate || '.' || p_kind);
END $$;

DO $$
DECLARE
    v record;
BEGIN
    FOR v IN SELECT * FROM tracking.users ORDER BY id LOOP
        PERFORM pg_temp.tell(v.id, 'user', 'created', v.id, '/schemas/user-event-v1.json',
            jsonb_build_object('before', NULL, 'after', jsonb_build_object('username', v.username, 'name', v.name,
                'zone', v.zone, 'locale', v.locale, 'week_start', v.week_start,
                'daily_target_minutes', v.daily_target_minutes)));
    END LOOP;

    FOR v IN
        SELECT c.* FROM tracking.catalogue c
        WHERE NOT EXISTS (SELECT FROM tracking.events e WHERE e.subject = c.id) ORDER BY c.id
    LOOP
        PERFORM pg_temp.tell(v.created_by, v.kind, 'created', v.id, '/schemas/catalogue-event-v1.json',
            jsonb_build_object('id', v.id, 'version', v.version, 'before', NULL, 'after',
                jsonb_build_object('name', v.name, 'color', v.color, 'archived', v.archived_at IS NOT NULL)
                || CASE v.kind WHEN 'project' THEN jsonb_build_object('client_id', v.parent_id)
                               WHEN 'task' THEN jsonb_build_object('project_id', v.parent_id) ELSE '{}' END));
    END LOOP;

    FOR v IN
        SELECT e.*, l.envelope->'data'->'days' AS days FROM tracking.time_entries e
        CROSS JOIN LATERAL (
            SELECT envelope FROM tracking.events WHERE subject = e.id ORDER BY user_seq DESC LIMIT 1) l
        WHERE l.envelope->>'dataschema' = '/schemas/time-entry-event-v1.json' AND e.deleted_at IS NULL
          AND e.project_id IS NOT NULL
        ORDER BY e.id
    LOOP
        UPDATE tracking.time_entries SET version = version + 1 WHERE id = v.id;
        PERFORM pg_temp.tell(v.user_id, 'time_entry', 'changed', v.id, '/schemas/time-entry-event-v2.json',
            jsonb_build_object('entry_id', v.id, 'version', v.version + 1, 'before', NULL, 'days', v.days,
                'after', jsonb_build_object('start', pg_temp.iso(v.started_at), 'end', pg_temp.iso(v.ended_at),
                    'zone', v.zone, 'description', v.description, 'project_id', v.project_id, 'task_id', v.task_id,
                    'tag_ids', v.tag_ids, 'billable', v.billable)));
    END LOOP;
END $$;

-- 2. The read model, empty. `reporting` fills it from the log before it consumes: its form (reporting.state) is older
--    than what the program wants.
DROP FUNCTION IF EXISTS reporting.apply_entry(uuid, uuid, bigint, uuid, jsonb);
DROP FUNCTION IF EXISTS reporting.apply_catalogue(text, uuid, bigint, text, text, boolean, uuid, boolean);
DROP TABLE reporting.entry_facts, reporting.daily_totals, reporting.catalogue;

-- The last applied state of an entry. A type of its own: functions speak of it while a rebuild swaps the table.
CREATE TYPE reporting.entry_fact AS (
    entry_id    uuid,
    user_id     uuid,
    version     bigint,
    -- A deleted entry stays as a fact without a state, so that a late repeat of an older event is seen to be older.
    deleted     boolean,
    started_at  timestamptz,
    ended_at    timestamptz,
    zone        text,
    description text,
    project_id  uuid,
    task_id     uuid,
    tag_ids     uuid[],
    billable    boolean,
    -- Money has a currency; both are null until there are rates. Amounts are in the currency's smallest unit.
    currency    text,
    -- [{"date": "2026-01-10", "seconds": 3600, "rounded_seconds": 3600, "amount": null}], in the entry's own zone.
    days        jsonb,
    first_day   date,
    last_day    date,
    seconds     bigint
);
CREATE TABLE reporting.entry_facts OF reporting.entry_fact (
    PRIMARY KEY (entry_id),
    user_id NOT NULL, version NOT NULL, deleted NOT NULL, tag_ids NOT NULL, days NOT NULL, seconds NOT NULL
);
CREATE INDEX entry_facts_by_user ON reporting.entry_facts (user_id, started_at, entry_id) WHERE NOT deleted;
CREATE INDEX entry_facts_by_start ON reporting.entry_facts (started_at, entry_id) WHERE NOT deleted;

-- The last applied state of each project, client, task and tag. What was deleted stays with its last name: reports on
-- the past name it.
CREATE TABLE reporting.catalogue (
    kind     text NOT NULL CHECK (kind IN ('project', 'client', 'task', 'tag')),
    id       uuid NOT NULL,
    version  bigint NOT NULL,
    name     text NOT NULL,
    color    text NOT NULL,
    archived boolean NOT NULL,
    -- A project's client, a task's project.
    parent   uuid,
    deleted  boolean NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX catalogue_by_parent ON reporting.catalogue (parent) WHERE parent IS NOT NULL;

-- The last applied state of each person: what reports call them, and the preferences that reports keep to.
CREATE TABLE reporting.people (
    id                   uuid PRIMARY KEY,
    version              bigint NOT NULL,
    username             text NOT NULL,
    name                 text NOT NULL,
    zone                 text NOT NULL,
    locale               text NOT NULL,
    week_start           text NOT NULL,
    daily_target_minutes bigint NOT NULL
);

-- The rollups: time by what a report groups and filters by, at four grains (a person's or everybody's, by day or by
-- month), once as it is and once by tag: an entry with two tags counts under both, so tags have tables of their own.
-- The grain is the table's name; docs/adr/0008 says why these. Clients are not in them: a project's client is looked
-- up, so that moving a project moves its past.
CREATE TABLE reporting.user_day_totals (
    user_id         uuid NOT NULL,
    -- In the entry's zone; by month: its first day.
    day             date NOT NULL,
    project_id      uuid,
    task_id         uuid,
    billable        boolean NOT NULL,
    currency        text,
    seconds         bigint NOT NULL,
    rounded_seconds bigint NOT NULL,
    amount          bigint,
    -- How many entries have time here; a row without any goes.
    parts           bigint NOT NULL
) WITH (fillfactor = 70);
CREATE TABLE reporting.user_month_totals (LIKE reporting.user_day_totals) WITH (fillfactor = 70);
CREATE TABLE reporting.day_totals (LIKE reporting.user_day_totals) WITH (fillfactor = 70);
CREATE TABLE reporting.month_totals (LIKE reporting.user_day_totals) WITH (fillfactor = 70);
ALTER TABLE reporting.day_totals DROP COLUMN user_id;
ALTER TABLE reporting.month_totals DROP COLUMN user_id;

CREATE TABLE reporting.user_day_tag_totals (LIKE reporting.user_day_totals, tag_id uuid) WITH (fillfactor = 70);
CREATE TABLE reporting.user_month_tag_totals (LIKE reporting.user_day_totals, tag_id uuid) WITH (fillfactor = 70);
CREATE TABLE reporting.day_tag_totals (LIKE reporting.day_totals, tag_id uuid) WITH (fillfactor = 70);
CREATE TABLE reporting.month_tag_totals (LIKE reporting.day_totals, tag_id uuid) WITH (fillfactor = 70);

DO $$
DECLARE
    v_table text;
    v_key text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['user_day_totals', 'user_month_totals', 'day_totals', 'month_totals',
        'user_day_tag_totals', 'user_month_tag_totals', 'day_tag_totals', 'month_tag_totals']
    LOOP
        v_key := concat_ws(', ', CASE WHEN v_table LIKE 'user%' THEN 'user_id' END, 'day',
            CASE WHEN v_table LIKE '%tag%' THEN 'tag_id' END, 'project_id, task_id, billable, currency');
        EXECUTE format('ALTER TABLE reporting.%I ADD CONSTRAINT %I UNIQUE NULLS NOT DISTINCT (%s)',
            v_table, v_table || '_key', v_key);
        IF v_table LIKE 'user%' THEN
            EXECUTE format('CREATE INDEX ON reporting.%I (day)', v_table);
        END IF;
    END LOOP;
END $$;

-- How far the model is, in one row.
CREATE TABLE reporting.state (
    one             boolean PRIMARY KEY DEFAULT true CHECK (one),
    -- The form of the tables above; a program that wants a newer one rebuilds them.
    form            bigint NOT NULL DEFAULT 0,
    -- When the last applied event was committed, and when it was applied.
    last_event_at   timestamptz,
    last_applied_at timestamptz,
    -- {"reporting": 0, …}: messages that wait, and when they were counted.
    queues          jsonb NOT NULL DEFAULT '{}',
    counted_at      timestamptz
);
INSERT INTO reporting.state DEFAULT VALUES;

-- 3. Messages that could not be applied, once out of their retries: to be looked at, sent again or dropped.
CREATE TABLE reporting.dead_letters (
    id              uuid PRIMARY KEY,
    -- The message's own id, if it has one.
    message_id      text,
    -- 'poison': it failed at every attempt; 'parked': of a form that this version does not know.
    kind            text NOT NULL CHECK (kind IN ('poison', 'parked')),
    reason          text NOT NULL,
    -- [{"at": …, "reason": …}], the first attempt first.
    attempts        jsonb NOT NULL,
    first_failed_at timestamptz NOT NULL,
    last_failed_at  timestamptz NOT NULL,
    properties      jsonb NOT NULL,
    body            bytea NOT NULL,
    -- Set when somebody wants it sent again; the row goes when the broker has it.
    replay_at       timestamptz
);
CREATE INDEX dead_letters_by_time ON reporting.dead_letters (last_failed_at DESC, id DESC);
CREATE INDEX dead_letters_to_replay ON reporting.dead_letters (replay_at) WHERE replay_at IS NOT NULL;

GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO reporting_writer, reports_api;
