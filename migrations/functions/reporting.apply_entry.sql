-- Apply one event of a time entry: keep the newest state and move the totals by the difference, so that
-- neither order nor repeats of events matter. Answers whether the event was newer than what was known.
CREATE OR REPLACE FUNCTION reporting.apply_entry(
    p_entry uuid, p_user uuid, p_version bigint, p_project uuid, p_days jsonb
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
DECLARE
    v_known reporting.entry_facts;
BEGIN
    -- Version 0 is older than any event: whoever comes first makes the row, everybody locks it.
    INSERT INTO reporting.entry_facts (entry_id, user_id, version) VALUES (p_entry, p_user, 0)
    ON CONFLICT (entry_id) DO NOTHING;
    SELECT * INTO v_known FROM reporting.entry_facts WHERE entry_id = p_entry FOR UPDATE;
    IF v_known.version >= p_version THEN
        RETURN false;
    END IF;

    -- In the order of the key, so that two consumers cannot wait for each other.
    INSERT INTO reporting.daily_totals AS t (user_id, day, project_id, seconds)
    SELECT p_user, day, project_id, sum(seconds) FROM (
        SELECT (d->>'date')::date AS day, p_project AS project_id, (d->>'seconds')::bigint AS seconds
        FROM jsonb_array_elements(p_days) d
        UNION ALL
        SELECT (d->>'date')::date, v_known.project_id, -(d->>'seconds')::bigint
        FROM jsonb_array_elements(v_known.days) d
    ) moves
    GROUP BY day, project_id HAVING sum(seconds) <> 0
    ORDER BY day, project_id
    ON CONFLICT (user_id, day, project_id) DO UPDATE SET seconds = t.seconds + excluded.seconds;

    DELETE FROM reporting.daily_totals t
    USING jsonb_array_elements(v_known.days) d
    WHERE t.user_id = p_user AND t.day = (d->>'date')::date AND t.project_id IS NOT DISTINCT FROM v_known.project_id
      AND t.seconds = 0;

    UPDATE reporting.entry_facts
    SET version = p_version, project_id = p_project, days = p_days, applied_at = now()
    WHERE entry_id = p_entry;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION reporting.apply_entry TO reporting_writer;
