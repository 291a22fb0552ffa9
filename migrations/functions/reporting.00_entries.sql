-- Entries: from the data of their events to facts, and from facts to what moves in the rollups.
-- Functions named …_here work on the tables of the search path: the live model's, or those of the model being built.

-- One change of the rollups: an entry's time on one day, more or less of it.
DO $$ BEGIN
    IF to_regtype('reporting.move') IS NULL THEN
        CREATE TYPE reporting.move AS (user_id uuid, day date, project_id uuid, task_id uuid, tag_ids uuid[],
            billable boolean, currency text, seconds bigint, rounded_seconds bigint, amount bigint, parts bigint);
    END IF;
END $$;

-- Which rollups there are: their grain, and where a rollup's rows come from when the model is built anew.
CREATE OR REPLACE FUNCTION reporting.rollups()
RETURNS TABLE (rollup text, by_user boolean, by_tag boolean, by_work boolean, period text, finer text)
LANGUAGE sql IMMUTABLE AS $$
    VALUES
        ('user_day_totals', true, false, true, 'day', NULL),
        ('user_month_totals', true, false, true, 'month', 'user_day_totals'),
        ('user_month_sums', true, false, false, 'month', 'user_month_totals'),
        ('user_year_sums', true, false, false, 'year', 'user_month_sums'),
        ('day_totals', false, false, true, 'day', 'user_day_totals'),
        ('day_sums', false, false, false, 'day', 'day_totals'),
        ('month_totals', false, false, true, 'month', 'day_totals'),
        ('user_day_tag_totals', true, true, true, 'day', NULL),
        ('user_month_tag_totals', true, true, true, 'month', 'user_day_tag_totals'),
        ('day_tag_totals', false, true, true, 'day', 'user_day_tag_totals'),
        ('month_tag_totals', false, true, true, 'month', 'day_tag_totals'),
        ('month_tag_sums', false, true, false, 'month', 'month_tag_totals')
$$;
-- `reporting rebuild` asks for them.
GRANT EXECUTE ON FUNCTION reporting.rollups TO reporting_writer;

-- The columns that tell a rollup's rows apart.
CREATE OR REPLACE FUNCTION reporting.rollup_key(p_by_user boolean, p_by_tag boolean, p_by_work boolean) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws(', ', CASE WHEN p_by_user THEN 'user_id' END, 'day', CASE WHEN p_by_tag THEN 'tag_id' END,
        CASE WHEN p_by_work THEN 'project_id, task_id' END, 'billable, currency')
$$;

-- A rollup's rows made of those of a finer source. Rows in which nothing is left do not come out.
CREATE OR REPLACE FUNCTION reporting.rollup_rows(p_key text, p_period text, p_source text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format('SELECT %s, sum(seconds)::bigint, sum(rounded_seconds)::bigint, sum(amount)::bigint, sum(parts)::bigint '
        'FROM %s s GROUP BY %s HAVING sum(seconds) <> 0 OR sum(rounded_seconds) <> 0 OR sum(amount) <> 0 OR sum(parts) <> 0',
        key, p_source, key)
    FROM (SELECT replace(p_key, 'day,', CASE p_period WHEN 'day' THEN 'day,'
        ELSE format('date_trunc(%L, day)::date,', p_period) END) AS key) k
$$;

-- An entry's time counts once under each of its tags, and once under none where it has none.
CREATE OR REPLACE FUNCTION reporting.by_tag(p_source text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('(SELECT t.*, g.tag_id FROM %s t CROSS JOIN LATERAL '
        'unnest(CASE WHEN t.tag_ids = ''{}'' THEN ARRAY[NULL::uuid] ELSE t.tag_ids END) AS g (tag_id))', p_source)
$$;

-- reporting.move_rollups_here(moves): move all rollups. Whoever calls holds the model's lock. It is written out from
-- reporting.rollups, for PostgreSQL plans statements of a function once, but dynamic ones each time: 3.2 ms for a lone
-- event became 0.5 ms.
DO $do$
DECLARE
    v record;
    v_key text;
    v_more text := '';
    v_less text := '';
BEGIN
    FOR v IN SELECT * FROM reporting.rollups() LOOP
        v_key := reporting.rollup_key(v.by_user, v.by_tag, v.by_work);
        v_more := v_more || format('INSERT INTO %I AS t (%s, seconds, rounded_seconds, amount, parts) %s '
            'ON CONFLICT (%s) DO UPDATE SET seconds = t.seconds + excluded.seconds, '
            'rounded_seconds = t.rounded_seconds + excluded.rounded_seconds, '
            'amount = t.amount + excluded.amount, parts = t.parts + excluded.parts; ',
            v.rollup, v_key, reporting.rollup_rows(v_key, v.period,
                CASE WHEN v.by_tag THEN reporting.by_tag('unnest(p_moves)') ELSE 'unnest(p_moves)' END), v_key);
        -- Only days can be touched where something was taken away, and a month's or year's first day is named by its days.
        v_less := v_less || format('DELETE FROM %I t USING (SELECT DISTINCT user_id, date_trunc(%L, day)::date AS day '
            'FROM unnest(p_moves) WHERE parts < 0) m WHERE t.day = m.day %s AND t.parts = 0; ',
            v.rollup, v.period, CASE WHEN v.by_user THEN 'AND t.user_id = m.user_id' END);
    END LOOP;
    EXECUTE format('CREATE OR REPLACE FUNCTION reporting.move_rollups_here(p_moves reporting.move[]) RETURNS void '
        'LANGUAGE plpgsql AS %L', format('BEGIN %s IF EXISTS (SELECT FROM unnest(p_moves) m WHERE m.parts < 0) '
        'THEN %s END IF; END', v_more, v_less));
END $do$;

-- Entries' states out of the data of events, the newest of each: what a fact holds.
CREATE OR REPLACE FUNCTION reporting.facts(p_changes jsonb[])
RETURNS SETOF reporting.entry_fact LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (d.entry_id) d.entry_id, d.user_id, d.version, d.after IS NULL OR d.after = 'null',
        s.start, s."end", s.zone, s.description, s.project_id, s.task_id, coalesce(s.tag_ids, '{}'), s.billable,
        d.currency, d.days, y.first_day, y.last_day, coalesce(y.seconds, 0)
    FROM unnest(p_changes) c
    CROSS JOIN LATERAL jsonb_to_record(c) AS d (
        entry_id uuid, user_id uuid, version bigint, after jsonb, currency text, days jsonb)
    LEFT JOIN LATERAL jsonb_to_record(nullif(d.after, 'null')) AS s (
        start timestamptz, "end" timestamptz, zone text, description text, project_id uuid, task_id uuid,
        tag_ids uuid[], billable boolean) ON true
    LEFT JOIN LATERAL (
        SELECT min(date) AS first_day, max(date) AS last_day, sum(seconds)::bigint AS seconds
        FROM jsonb_to_recordset(d.days) AS y (date date, seconds bigint)) y ON true
    ORDER BY d.entry_id, d.version DESC
$$;

-- Apply entries' events: keep the newest state of each and move the rollups by the difference, so that neither order
-- nor repeats matter. Answers how many entries were newer than what was known.
CREATE OR REPLACE FUNCTION reporting.apply_entries_here(p_changes jsonb[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_moves reporting.move[];
    v_newer bigint;
BEGIN
    WITH newer AS MATERIALIZED (
        SELECT i.*, f.user_id AS old_user, f.project_id AS old_project, f.task_id AS old_task, f.tag_ids AS old_tags,
            f.billable AS old_billable, f.currency AS old_currency, coalesce(f.days, '[]') AS old_days
        FROM reporting.facts(p_changes) i LEFT JOIN entry_facts f USING (entry_id)
        WHERE f.version IS NULL OR f.version < i.version
    ), stored AS (
        INSERT INTO entry_facts AS f
        SELECT entry_id, user_id, version, deleted, started_at, ended_at, zone, description, project_id, task_id,
            tag_ids, billable, currency, days, first_day, last_day, seconds
        FROM newer
        ON CONFLICT (entry_id) DO UPDATE SET user_id = excluded.user_id, version = excluded.version,
            deleted = excluded.deleted, started_at = excluded.started_at, ended_at = excluded.ended_at,
            zone = excluded.zone, description = excluded.description, project_id = excluded.project_id,
            task_id = excluded.task_id, tag_ids = excluded.tag_ids, billable = excluded.billable,
            currency = excluded.currency, days = excluded.days, first_day = excluded.first_day,
            last_day = excluded.last_day, seconds = excluded.seconds
        RETURNING 1
    ), moves AS (
        SELECT n.user_id, y.date, n.project_id, n.task_id, n.tag_ids, n.billable, n.currency,
            y.seconds, y.rounded_seconds, y.amount, 1::bigint
        FROM newer n, jsonb_to_recordset(n.days) AS y (date date, seconds bigint, rounded_seconds bigint, amount bigint)
        UNION ALL
        SELECT n.old_user, y.date, n.old_project, n.old_task, n.old_tags, n.old_billable, n.old_currency,
            -y.seconds, -y.rounded_seconds, -y.amount, -1
        FROM newer n, jsonb_to_recordset(n.old_days) AS y (date date, seconds bigint, rounded_seconds bigint, amount bigint)
    )
    SELECT (SELECT count(*) FROM stored), (SELECT array_agg(ROW(m.*)::reporting.move) FROM moves m)
    INTO v_newer, v_moves;
    IF v_moves IS NOT NULL THEN
        PERFORM reporting.move_rollups_here(v_moves);
    END IF;
    RETURN v_newer;
END $$;
