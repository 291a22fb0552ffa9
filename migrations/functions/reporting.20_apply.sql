-- One writer at a time: the rollups of everybody have rows that every change moves, so writers would wait for each
-- other anyway; in turn they cannot deadlock. It is also what lets a rebuilt model be swapped in.
CREATE OR REPLACE FUNCTION reporting.lock_model() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtext('reporting model'))
$$;

-- Apply a batch of events. p_batch: {entries: [data of entries' events], items: […], people: […] (reporting.10_names),
-- last_event_at}. Answers how many things were newer than what was known.
CREATE OR REPLACE FUNCTION reporting.apply(p_batch jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
DECLARE
    v_newer bigint;
BEGIN
    PERFORM reporting.lock_model();
    v_newer := reporting.apply_items_here(p_batch->'items') + reporting.apply_people_here(p_batch->'people')
        + reporting.apply_entries_here(ARRAY(SELECT jsonb_array_elements(p_batch->'entries')));
    UPDATE reporting.state
    SET last_event_at = greatest(last_event_at, (p_batch->>'last_event_at')::timestamptz), last_applied_at = clock_timestamp();
    RETURN v_newer;
END $$;

-- {queue: messages that wait}
CREATE OR REPLACE FUNCTION reporting.count_queues(p_queues jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
    UPDATE reporting.state SET queues = p_queues, counted_at = now()
$$;

GRANT EXECUTE ON FUNCTION reporting.apply, reporting.count_queues TO reporting_writer;
