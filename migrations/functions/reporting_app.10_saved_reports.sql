-- Saved reports and the links to them. Each is its owner's alone; the caller is locked (reporting_app.write).

CREATE OR REPLACE FUNCTION reporting_app.own_report(p_call jsonb, p_args jsonb) RETURNS reporting_app.saved_reports
LANGUAGE plpgsql AS $$
DECLARE
    v_report reporting_app.saved_reports;
BEGIN
    SELECT * INTO v_report FROM reporting_app.saved_reports r
    WHERE r.id = (p_args->>'id')::uuid AND r.owner = (p_call->>'user')::uuid FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM reporting_app.refuse('not-found');
    ELSIF v_report.version <> (p_args->>'version')::bigint THEN
        PERFORM reporting_app.refuse('stale');
    END IF;
    RETURN v_report;
END $$;

-- {id, name, definition} → the report
CREATE OR REPLACE FUNCTION reporting_app.create_report(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE sql AS $$
    INSERT INTO reporting_app.saved_reports AS r (id, owner, name, definition)
    VALUES ((p_args->>'id')::uuid, (p_call->>'user')::uuid, p_args->>'name', p_args->'definition')
    RETURNING reporting_app.report_json(r)
$$;

-- {id, version, name, definition} → the report
CREATE OR REPLACE FUNCTION reporting_app.change_report(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_report reporting_app.saved_reports := reporting_app.own_report(p_call, p_args);
BEGIN
    IF (v_report.name, v_report.definition) IS DISTINCT FROM (p_args->>'name', p_args->'definition') THEN
        UPDATE reporting_app.saved_reports r
        SET name = p_args->>'name', definition = p_args->'definition', version = r.version + 1, updated_at = now()
        WHERE r.id = v_report.id
        RETURNING r.* INTO v_report;
    END IF;
    RETURN reporting_app.report_json(v_report);
END $$;

-- {id, version} → the report as it was last. Its links go with it.
CREATE OR REPLACE FUNCTION reporting_app.delete_report(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_report reporting_app.saved_reports := reporting_app.own_report(p_call, p_args);
BEGIN
    DELETE FROM reporting_app.saved_reports r WHERE r.id = v_report.id;
    RETURN reporting_app.report_json(v_report);
END $$;

-- {id, version, share_id, token_hash, expires_at} → the share
CREATE OR REPLACE FUNCTION reporting_app.share_report(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_report reporting_app.saved_reports := reporting_app.own_report(p_call, p_args);
    v_share reporting_app.shares;
BEGIN
    -- What has expired opens nothing any more.
    DELETE FROM reporting_app.shares s WHERE s.report_id = v_report.id AND s.expires_at <= now();
    INSERT INTO reporting_app.shares AS s (id, report_id, token_hash, expires_at)
    VALUES ((p_args->>'share_id')::uuid, v_report.id, p_args->>'token_hash', (p_args->>'expires_at')::timestamptz)
    RETURNING s.* INTO v_share;
    RETURN reporting_app.share_json(v_share);
END $$;

-- {id} → the share, which is no more. Admins revoke anybody's.
CREATE OR REPLACE FUNCTION reporting_app.revoke_share(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_share reporting_app.shares;
BEGIN
    DELETE FROM reporting_app.shares s USING reporting_app.saved_reports r
    WHERE s.id = (p_args->>'id')::uuid AND r.id = s.report_id
      AND (r.owner = (p_call->>'user')::uuid OR p_call->'roles' ? 'admin')
    RETURNING s.* INTO v_share;
    IF NOT FOUND THEN
        PERFORM reporting_app.refuse('not-found');
    END IF;
    RETURN reporting_app.share_json(v_share);
END $$;
