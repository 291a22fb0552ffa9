-- The model compared with the log, as it was at one moment: call it in a REPEATABLE READ transaction. Entries whose
-- newest events are still on their way are compared with the event that the model knows. Nobody waits for it.
CREATE OR REPLACE FUNCTION reporting.verify() RETURNS TABLE (part text, difference text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v record;
    v_table text;
    v_columns text;
BEGIN
    CREATE TEMP TABLE entry_facts ON COMMIT DROP AS
    SELECT f.* FROM reporting.entry_facts k
    CROSS JOIN LATERAL (
        SELECT envelope FROM tracking.events e
        WHERE e.subject = k.entry_id AND (e.envelope->'data'->>'version')::bigint <= k.version
        ORDER BY (e.envelope->'data'->>'version')::bigint DESC LIMIT 1) e
    CROSS JOIN LATERAL reporting.facts(ARRAY[reporting.widened(e.envelope)]) f;
    RETURN QUERY SELECT * FROM reporting.differences('entry_facts');

    FOR v IN SELECT * FROM reporting.rollups() LOOP
        EXECUTE format('CREATE TEMP TABLE %I (LIKE reporting.%I) ON COMMIT DROP', v.rollup, v.rollup);
        PERFORM reporting.add_up_here(v.rollup);
        RETURN QUERY SELECT * FROM reporting.differences(v.rollup);
    END LOOP;

    -- The log itself: the days of an entry are cut from its span.
    RETURN QUERY
    SELECT 'days', format('entry %s lasts %s s, its days add up to %s s', f.entry_id, f.length, f.days)
    FROM (
        SELECT k.entry_id, extract(epoch FROM k.ended_at - k.started_at)::bigint AS length, coalesce((
            SELECT sum(d.seconds) FROM jsonb_to_recordset(k.days) AS d (seconds bigint)), 0) AS days
        FROM reporting.entry_facts k WHERE NOT k.deleted AND k.ended_at IS NOT NULL) f
    WHERE f.length <> f.days;

    RETURN QUERY
    SELECT 'catalogue', format('%s %s: the log has %s', c.kind, c.id, i.item) FROM reporting.catalogue c
    LEFT JOIN LATERAL (
        SELECT reporting.item_of(e) AS item FROM tracking.events e
        WHERE e.subject = c.id AND (e.envelope->'data'->>'version')::bigint <= c.version
        ORDER BY (e.envelope->'data'->>'version')::bigint DESC LIMIT 1) i ON true
    WHERE i.item IS NULL OR (i.item->>'version')::bigint <> c.version OR i.item->>'name' <> c.name
       OR (i.item->>'deleted')::boolean <> c.deleted OR (i.item->>'archived')::boolean <> c.archived
       OR (i.item->>'parent')::uuid IS DISTINCT FROM c.parent;
END $$;

-- Lines of the live model that the log does not give, and the other way round.
CREATE OR REPLACE FUNCTION reporting.differences(p_table text) RETURNS TABLE (part text, difference text)
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT %L, ''only in the model: '' || row_to_json(m)::text FROM (TABLE reporting.%I EXCEPT ALL TABLE pg_temp.%I) m '
        'UNION ALL '
        'SELECT %L, ''only in the log: '' || row_to_json(l)::text FROM (TABLE pg_temp.%I EXCEPT ALL TABLE reporting.%I) l',
        p_table, p_table, p_table, p_table, p_table, p_table);
END $$;

-- How many entries of the log the model does not know in their newest state yet.
CREATE OR REPLACE FUNCTION reporting.pending() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
    SELECT count(*) FROM (
        SELECT subject, max((envelope->'data'->>'version')::bigint) AS version FROM tracking.events
        WHERE type LIKE 'timetracker.time\_entry.%' GROUP BY subject) l
    LEFT JOIN reporting.entry_facts f ON f.entry_id = l.subject
    WHERE f.version IS NULL OR f.version < l.version
$$;

GRANT EXECUTE ON FUNCTION reporting.verify, reporting.pending TO reporting_writer;
