-- Entries of 2025 by people who each work on 10 of 200 projects (each of three tasks), at any number of entries a day;
-- some with a tag or two of twenty, some without a project. None crosses a midnight, and all are of the zone UTC: the
-- comparison's SQL then needs no cutting of days.
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
TRUNCATE reporting.entry_facts, reporting.catalogue, reporting.people;

INSERT INTO reporting.people (id, version, username, name, zone, locale, week_start, daily_target_minutes)
SELECT md5('person ' || n)::uuid, 1, 'person' || n, 'Person ' || n, 'UTC', 'en', 'iso', 480
FROM generate_series(0, current_setting('bench.people')::int - 1) n;
INSERT INTO reporting.catalogue (kind, id, version, name, color, archived, parent, deleted)
SELECT 'client', md5('client ' || n)::uuid, 1, 'Client ' || n, '#4f6bed', false, NULL::uuid, false FROM generate_series(0, 29) n
UNION ALL
SELECT 'project', md5('project ' || n)::uuid, 1, 'Project ' || n, '#4f6bed', false, md5('client ' || n % 30)::uuid, false
FROM generate_series(0, 199) n
UNION ALL
SELECT 'task', md5('task ' || n)::uuid, 1, 'Task ' || n, '#4f6bed', false, md5('project ' || n / 3)::uuid, false
FROM generate_series(0, 599) n
UNION ALL
SELECT 'tag', md5('tag ' || n)::uuid, 1, 'Tag ' || n, '#4f6bed', false, NULL, false FROM generate_series(0, 19) n;

-- Indexes are quicker made at once, and rollups with memory to sort in (as a rebuild has).
SET work_mem = '256MB';
SET maintenance_work_mem = '256MB';
DROP INDEX reporting.entry_facts_by_user, reporting.entry_facts_by_start;
INSERT INTO reporting.entry_facts
SELECT lpad(to_hex(i), 32, '0')::uuid, md5('person ' || person)::uuid, 1, false, start, start + seconds * interval '1 s', 'UTC',
    'Work on something useful, part ' || round, CASE WHEN project >= 0 THEN md5('project ' || project)::uuid END,
    CASE WHEN project >= 0 THEN md5('task ' || project * 3 + round % 3)::uuid END,
    CASE round % 4 WHEN 0 THEN '{}'::uuid[] WHEN 1 THEN ARRAY[md5('tag ' || (person + round) % 20)::uuid, md5('tag ' || person % 20)::uuid]
        ELSE ARRAY[md5('tag ' || round % 20)::uuid] END,
    round % 3 > 0, NULL,
    jsonb_build_array(jsonb_build_object('date', day, 'seconds', seconds, 'rounded_seconds', seconds, 'amount', NULL)),
    day, day, seconds
FROM generate_series(0, current_setting('bench.entries')::int - 1) i
CROSS JOIN LATERAL (SELECT current_setting('bench.people')::int AS people) p
CROSS JOIN LATERAL (SELECT i % people AS person, i / people AS round, current_setting('bench.entries')::bigint / people + 1 AS rounds) r
CROSS JOIN LATERAL (SELECT round * 365 / rounds AS of_year, 60 + (i::bigint * 7919 % 540)::int AS seconds) d
CROSS JOIN LATERAL (SELECT date '2025-01-01' + of_year::int AS day) y
CROSS JOIN LATERAL (
    SELECT day::timestamp AT TIME ZONE 'UTC' + (round - (of_year * rounds + 364) / 365) * interval '10 min' AS start,
        CASE WHEN round % 20 = 19 THEN -1 ELSE (person * 7 + round % 10) % 200 END AS project
) s;
CREATE INDEX entry_facts_by_user ON reporting.entry_facts (user_id, started_at, entry_id) WHERE NOT deleted;
CREATE INDEX entry_facts_by_start ON reporting.entry_facts (started_at, entry_id) WHERE NOT deleted;

-- The rollups as a rebuild adds them up; but the finest ones from columns, which is quicker than from each entry's days.
DO $$
DECLARE
    v record;
    v_key text;
    v_days text := '(SELECT user_id, first_day AS day, project_id, task_id, tag_ids, billable, currency, seconds, '
        'seconds AS rounded_seconds, NULL::bigint AS amount, 1 AS parts FROM reporting.entry_facts)';
BEGIN
    FOR v IN SELECT * FROM reporting.rollups() LOOP
        v_key := reporting.rollup_key(v.by_user, v.by_tag, v.by_work);
        EXECUTE format('TRUNCATE reporting.%I', v.rollup);
        EXECUTE format('INSERT INTO reporting.%I (%s, seconds, rounded_seconds, amount, parts) %s', v.rollup, v_key,
            reporting.rollup_rows(v_key, v.period, coalesce('reporting.' || v.finer,
                CASE WHEN v.by_tag THEN reporting.by_tag(v_days) ELSE v_days END)));
    END LOOP;
END $$;

CREATE TABLE bench.entries (LIKE tracking.time_entries INCLUDING DEFAULTS);
INSERT INTO bench.entries (id, user_id, started_at, ended_at, zone, description, project_id, task_id, tag_ids, billable)
SELECT entry_id, user_id, started_at, ended_at, zone, description, project_id, task_id, tag_ids, billable FROM reporting.entry_facts;
CREATE INDEX ON bench.entries (started_at) WHERE deleted_at IS NULL;
CREATE INDEX ON bench.entries (user_id, started_at) WHERE deleted_at IS NULL;
