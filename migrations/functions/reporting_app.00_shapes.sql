-- How rows read in answers, and how a command refuses.

-- An instant in RFC 3339, UTC.
CREATE OR REPLACE FUNCTION reporting_app.iso(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE OR REPLACE FUNCTION reporting_app.report_json(r reporting_app.saved_reports) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', r.id, 'name', r.name, 'definition', r.definition, 'version', r.version,
        'created_at', reporting_app.iso(r.created_at), 'updated_at', reporting_app.iso(r.updated_at))
$$;

CREATE OR REPLACE FUNCTION reporting_app.share_json(s reporting_app.shares) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', s.id, 'report_id', s.report_id, 'expires_at', reporting_app.iso(s.expires_at),
        'created_at', reporting_app.iso(s.created_at))
$$;

-- A letter changes when it dies again and when somebody wants it sent again.
CREATE OR REPLACE FUNCTION reporting_app.letter_version(l reporting.dead_letters) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT concat_ws('-', (extract(epoch FROM l.last_failed_at) * 1000000)::bigint,
        (extract(epoch FROM l.replay_at) * 1000000)::bigint)
$$;

-- A dead letter without what its message carries.
CREATE OR REPLACE FUNCTION reporting_app.letter_json(l reporting.dead_letters) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', l.id, 'message_id', l.message_id, 'kind', l.kind, 'reason', l.reason,
        'attempts', jsonb_array_length(l.attempts), 'first_failed_at', reporting_app.iso(l.first_failed_at),
        'last_failed_at', reporting_app.iso(l.last_failed_at), 'replay_at', reporting_app.iso(l.replay_at),
        'version', reporting_app.letter_version(l))
$$;

-- `p_problem` is the name of a problem type (docs/problems.md).
CREATE OR REPLACE FUNCTION reporting_app.refuse(p_problem text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', p_problem USING ERRCODE = 'TTREF';
END $$;

GRANT EXECUTE ON FUNCTION reporting_app.iso, reporting_app.report_json, reporting_app.share_json,
    reporting_app.letter_json, reporting_app.letter_version TO reports_api;
