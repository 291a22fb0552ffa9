-- The model built anew from the log, beside the live one (schema reporting_next), and swapped in. `reporting rebuild`
-- calls these in turn; docs/messaging.md draws it. The log belongs to `tracking`: only these functions read it here.

-- Make the tables, empty, and note how far each person's log is: what was committed by now is seen by every read of
-- the log from now on, what comes later is caught up with. Answers how many blocks the log has.
CREATE OR REPLACE FUNCTION reporting.rebuild_begin() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
DECLARE
    v_statement text;
BEGIN
    DROP SCHEMA IF EXISTS reporting_next CASCADE;
    CREATE SCHEMA reporting_next;
    FOR v_statement IN SELECT reporting.like_in_next(model_table) FROM unnest(reporting.model_tables()) model_table LOOP
        EXECUTE v_statement;
    END LOOP;
    CREATE TABLE reporting_next.seen AS SELECT id AS user_id, event_seq AS seq FROM tracking.users;
    ALTER TABLE reporting_next.seen ADD PRIMARY KEY (user_id);
    RETURN pg_relation_size('tracking.events') / current_setting('block_size')::bigint;
END $$;

-- Statements that make a table in reporting_next like the one in reporting, down to the names of its constraints, by
-- which later migrations know them (LIKE would invent new ones, and forget the fill factor).
CREATE OR REPLACE FUNCTION reporting.like_in_next(p_table text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws('; ',
        format('CREATE TABLE reporting_next.%I (LIKE reporting.%I INCLUDING ALL EXCLUDING INDEXES)', relname, relname)
            || CASE WHEN reloptions IS NOT NULL THEN format(' WITH (%s)', array_to_string(reloptions, ', ')) ELSE '' END,
        (SELECT string_agg(format('ALTER TABLE reporting_next.%I ADD CONSTRAINT %I %s', t.relname, conname,
            pg_get_constraintdef(oid)), '; ') FROM pg_constraint WHERE conrelid = t.oid AND contype IN ('p', 'u')))
    FROM pg_class t WHERE oid = format('reporting.%I', p_table)::regclass
$$;

-- The other indexes, once the log is read: made at once they are quicker.
CREATE OR REPLACE FUNCTION reporting.rebuild_indexes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting SET maintenance_work_mem = '256MB' AS $$
DECLARE
    v_statement text;
BEGIN
    FOR v_statement IN
        SELECT replace(pg_get_indexdef(indexrelid), ' ON reporting.', ' ON reporting_next.') FROM pg_index
        WHERE indrelid IN (SELECT format('reporting.%I', t)::regclass FROM unnest(reporting.model_tables()) t)
          AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)
    LOOP
        EXECUTE v_statement;
    END LOOP;
END $$;

-- All that is swapped.
CREATE OR REPLACE FUNCTION reporting.model_tables() RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY['entry_facts', 'catalogue', 'people'] || array_agg(rollup) FROM reporting.rollups()
$$;

-- An entry's event as its newest form (version 3) tells it. crates/events does the same for messages.
CREATE OR REPLACE FUNCTION reporting.widened(p_envelope jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_envelope->>'dataschema' = '/schemas/time-entry-event-v3.json' THEN p_envelope->'data'
    ELSE p_envelope->'data' || jsonb_build_object('days', (
            SELECT coalesce(jsonb_agg(d || jsonb_build_object('rounded_seconds', d->'seconds')), '[]')
            FROM jsonb_array_elements(p_envelope->'data'->'days') d))
        || CASE WHEN jsonb_typeof(p_envelope->'data'->'after') = 'object' THEN jsonb_build_object('after',
            '{"billable": false}'::jsonb || (p_envelope->'data'->'after')) ELSE '{}' END
    END
$$;

CREATE OR REPLACE FUNCTION reporting.item_of(p_event tracking.events) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('kind', split_part(p_event.type, '.', 2), 'id', p_event.subject,
        'version', d->'version', 'name', s->'name', 'color', s->'color', 'archived', s->'archived',
        'parent', coalesce(nullif(s->'client_id', 'null'), s->'project_id'), 'deleted', d->'after' = 'null')
    FROM (SELECT p_event.envelope->'data' AS d) d,
        LATERAL (SELECT CASE WHEN d->'after' = 'null' THEN d->'before' ELSE d->'after' END AS s) s
$$;

-- Events as reporting.apply…_here take them.
CREATE OR REPLACE FUNCTION reporting.batch_of(p_events tracking.events[], OUT entries jsonb[], OUT people jsonb, OUT items jsonb)
LANGUAGE sql STABLE AS $$
    SELECT array_agg(reporting.widened(e.envelope)) FILTER (WHERE e.type LIKE 'timetracker.time\_entry.%'),
        coalesce(jsonb_agg(envelope->'data'->'after' || jsonb_build_object('id', subject, 'version', user_seq))
            FILTER (WHERE e.type LIKE 'timetracker.user.%'), '[]'),
        coalesce(jsonb_agg(reporting.item_of(e)) FILTER (WHERE split_part(e.type, '.', 2)
            IN ('project', 'client', 'task', 'tag')), '[]')
    FROM unnest(p_events) e
$$;

-- Read some blocks of the log: names, and the newest state of each entry. Several may do so at once, each other blocks.
-- Answers how many events there were.
CREATE OR REPLACE FUNCTION reporting.rebuild_read(p_from bigint, p_to bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting_next AS $$
DECLARE
    v_from tid := format('(%s,0)', p_from);
    v_to tid := format('(%s,0)', p_to);
    v_batch record;
    v_entries jsonb[];
    v_others tracking.events[];
    v_count bigint;
BEGIN
    -- Entries are nearly all there is; only the others need their whole row.
    SELECT array_agg(reporting.widened(envelope)) FILTER (WHERE type LIKE 'timetracker.time\_entry.%'),
        array_agg(e) FILTER (WHERE type NOT LIKE 'timetracker.time\_entry.%'), count(*)
    INTO v_entries, v_others, v_count
    FROM tracking.events e WHERE ctid >= v_from AND ctid < v_to;
    SELECT * INTO v_batch FROM reporting.batch_of(v_others);
    PERFORM reporting.apply_items_here(v_batch.items), reporting.apply_people_here(v_batch.people);
    INSERT INTO entry_facts AS f SELECT * FROM reporting.facts(v_entries)
    ON CONFLICT (entry_id) DO UPDATE SET user_id = excluded.user_id, version = excluded.version,
        deleted = excluded.deleted, started_at = excluded.started_at, ended_at = excluded.ended_at,
        zone = excluded.zone, description = excluded.description, project_id = excluded.project_id,
        task_id = excluded.task_id, tag_ids = excluded.tag_ids, billable = excluded.billable,
        currency = excluded.currency, days = excluded.days, first_day = excluded.first_day,
        last_day = excluded.last_day, seconds = excluded.seconds
    WHERE f.version < excluded.version;
    RETURN v_count;
END $$;

-- Add one rollup up, once the log is read; the finer ones come first (the order of reporting.rollups).
CREATE OR REPLACE FUNCTION reporting.rebuild_rollup(p_rollup text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting_next SET work_mem = '256MB' AS $$
BEGIN
    PERFORM reporting.add_up_here(p_rollup);
    EXECUTE format('ANALYZE %I', p_rollup);
END $$;

CREATE OR REPLACE FUNCTION reporting.add_up_here(p_rollup text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v record;
    v_key text;
    v_days text := '(SELECT f.user_id, y.date AS day, f.project_id, f.task_id, f.tag_ids, f.billable, f.currency, '
        'y.seconds, y.rounded_seconds, y.amount, 1 AS parts FROM entry_facts f, jsonb_to_recordset(f.days) '
        'AS y (date date, seconds bigint, rounded_seconds bigint, amount bigint))';
BEGIN
    SELECT * INTO v FROM reporting.rollups() r WHERE r.rollup = p_rollup;
    v_key := reporting.rollup_key(v.by_user, v.by_tag, v.by_work);
    EXECUTE format('INSERT INTO %I (%s, seconds, rounded_seconds, amount, parts) %s', v.rollup, v_key,
        reporting.rollup_rows(v_key, v.period,
            coalesce(v.finer, CASE WHEN v.by_tag THEN reporting.by_tag(v_days) ELSE v_days END)));
END $$;

-- Apply what was committed since the last look, at most p_limit events. Answers how many there were.
CREATE OR REPLACE FUNCTION reporting.rebuild_catch_up(p_limit bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting_next AS $$
DECLARE
    v_events tracking.events[];
    v_batch record;
BEGIN
    SELECT array_agg(e) INTO v_events FROM (
        SELECT e.* FROM tracking.users u
        LEFT JOIN seen s ON s.user_id = u.id
        CROSS JOIN LATERAL (
            SELECT * FROM tracking.events e WHERE e.user_id = u.id AND e.user_seq > coalesce(s.seq, 0)
            ORDER BY e.user_seq LIMIT p_limit) e
        WHERE u.event_seq > coalesce(s.seq, 0) LIMIT p_limit) e;
    IF v_events IS NULL THEN
        RETURN 0;
    END IF;
    SELECT * INTO v_batch FROM reporting.batch_of(v_events);
    PERFORM reporting.apply_items_here(v_batch.items), reporting.apply_people_here(v_batch.people),
        reporting.apply_entries_here(v_batch.entries);
    INSERT INTO seen SELECT e.user_id, max(e.user_seq) FROM unnest(v_events) e GROUP BY 1
    ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
    RETURN array_length(v_events, 1);
END $$;

-- Put the new model in the old one's place. Consumers wait meanwhile, readers for a moment; whoever waits longer than
-- the caller's lock_timeout makes this fail, and it can be called again.
CREATE OR REPLACE FUNCTION reporting.rebuild_swap(p_form bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
DECLARE
    v_table text;
BEGIN
    PERFORM reporting.lock_model();
    WHILE reporting.rebuild_catch_up(5000) > 0 LOOP END LOOP;
    DROP TABLE reporting_next.seen;
    FOREACH v_table IN ARRAY reporting.model_tables() LOOP
        EXECUTE format('DROP TABLE reporting.%I', v_table);
        EXECUTE format('ALTER TABLE reporting_next.%I SET SCHEMA reporting', v_table);
        EXECUTE format('GRANT SELECT ON reporting.%I TO reporting_writer, reports_api', v_table);
    END LOOP;
    DROP SCHEMA reporting_next;
    UPDATE reporting.state SET form = p_form;
END $$;

-- Remove what a rebuild that broke off has left.
CREATE OR REPLACE FUNCTION reporting.rebuild_abandon() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
    DROP SCHEMA IF EXISTS reporting_next CASCADE
$$;

GRANT EXECUTE ON FUNCTION reporting.model_tables, reporting.rebuild_begin, reporting.rebuild_read,
    reporting.rebuild_indexes, reporting.rebuild_rollup, reporting.rebuild_catch_up, reporting.rebuild_swap, reporting.rebuild_abandon
TO reporting_writer;
