-- Dead letters: `reporting` keeps them, people decide (`reporting dead`, the admin's endpoints).

-- Keep one, or what is new of one that died again. Repeats of the same death change nothing.
CREATE OR REPLACE FUNCTION reporting.keep_dead_letter(p_letter jsonb, p_body bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
    INSERT INTO reporting.dead_letters (id, message_id, kind, reason, attempts, first_failed_at, last_failed_at,
        properties, body)
    VALUES ((p_letter->>'id')::uuid, p_letter->>'message_id', p_letter->>'kind', p_letter->>'reason',
        p_letter->'attempts', (p_letter->>'first_failed_at')::timestamptz, (p_letter->>'last_failed_at')::timestamptz,
        p_letter->'properties', p_body)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, reason = excluded.reason, attempts = excluded.attempts,
        last_failed_at = excluded.last_failed_at, replay_at = NULL
$$;

-- Have letters sent again: one, those of a kind, or all (both null). Answers how many.
CREATE OR REPLACE FUNCTION reporting.replay_dead_letters(p_id uuid, p_kind text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
DECLARE
    v_count bigint;
BEGIN
    UPDATE reporting.dead_letters SET replay_at = now()
    WHERE (p_id IS NULL OR id = p_id) AND (p_kind IS NULL OR kind = p_kind) AND replay_at IS NULL;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;

-- Forget letters: one, or all (null). Answers how many.
CREATE OR REPLACE FUNCTION reporting.drop_dead_letters(p_id uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
DECLARE
    v_count bigint;
BEGIN
    DELETE FROM reporting.dead_letters WHERE p_id IS NULL OR id = p_id;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;

GRANT EXECUTE ON FUNCTION reporting.keep_dead_letter TO reporting_writer;
GRANT EXECUTE ON FUNCTION reporting.replay_dead_letters, reporting.drop_dead_letters TO reporting_writer, reports_api;
GRANT DELETE, UPDATE ON reporting.dead_letters TO reporting_writer;
