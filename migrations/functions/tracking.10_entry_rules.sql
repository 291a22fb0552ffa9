-- What concerns an entry and others. Commands ask before they write, so that a refusal can name the other entry;
-- the constraints of the table hold the same rules.

-- The living, closed entry of this person that a span would overlap, the earliest first. A span without an end
-- (a running entry) overlaps what covers its start. Entries of `p_later` do not count: they are about to be changed.
-- (In PL/pgSQL, which keeps a plan; a function in SQL is planned in each transaction.)
CREATE OR REPLACE FUNCTION tracking.overlapping(
    p_user uuid, p_except uuid, p_start timestamptz, p_end timestamptz, p_later jsonb)
RETURNS tracking.time_entries LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_entry tracking.time_entries;
BEGIN
    SELECT e.* INTO v_entry FROM tracking.time_entries e
    WHERE user_id = p_user AND id <> p_except AND ended_at IS NOT NULL AND deleted_at IS NULL
      AND tstzrange(started_at, ended_at) && tstzrange(p_start, coalesce(p_end, p_start), '[]')
      AND ended_at > p_start AND (p_end IS NULL OR started_at < p_end)
      AND (p_later IS NULL OR NOT p_later ? e.id::text)
    ORDER BY started_at LIMIT 1;
    RETURN v_entry;
END $$;

-- What an entry may take of time: `p_later` are the ids of entries that the same bulk changes or deletes afterwards.
CREATE OR REPLACE FUNCTION tracking.check_span(
    p_user uuid, p_id uuid, p_start timestamptz, p_end timestamptz, p_later jsonb DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_other tracking.time_entries;
    v_running uuid;
BEGIN
    v_other := tracking.overlapping(p_user, p_id, p_start, p_end, p_later);
    IF v_other.id IS NOT NULL THEN
        PERFORM tracking.refuse('overlap', jsonb_build_object('field', 'start', 'conflict', v_other.id,
            -- The end that the entry could have: where the other one begins. Or else the start: where the other ends.
            'possible_end', CASE WHEN v_other.started_at > p_start THEN tracking.iso(v_other.started_at) END,
            'possible_start', CASE WHEN v_other.started_at <= p_start AND (p_end IS NULL OR v_other.ended_at < p_end)
                                   THEN tracking.iso(v_other.ended_at) END));
    END IF;
    IF p_end IS NULL THEN
        SELECT e.id INTO v_running FROM tracking.time_entries e
        WHERE e.user_id = p_user AND e.id <> p_id AND e.ended_at IS NULL AND e.deleted_at IS NULL;
        IF FOUND THEN
            PERFORM tracking.refuse('timer-running', jsonb_build_object('field', 'end', 'conflict', v_running));
        END IF;
    END IF;
END $$;

-- Where a timer begins that is started now (`p_start` is at most some seconds old). The last entry may end up to a
-- minute from now (domain::entry::CLOCK_SKEW, or timers stopped in the second in which they began); then it begins
-- there, or nothing could be started until then.
CREATE OR REPLACE FUNCTION tracking.timer_start(p_user uuid, p_start timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_start < now() - interval '5 seconds' THEN
        RETURN p_start;
    END IF;
    RETURN greatest(p_start, (
        SELECT max(e.ended_at) FROM tracking.time_entries e
        WHERE e.user_id = p_user AND e.deleted_at IS NULL AND e.started_at > now() - interval '28 hours'
          AND e.ended_at > p_start AND e.ended_at <= now() + interval '61 seconds'));
END $$;

-- What an entry newly names must be there and living; what it named before stays right for ever. The rows are
-- locked against deletion until the entry is written.
CREATE OR REPLACE FUNCTION tracking.check_names(p_old tracking.time_entries, p_new tracking.time_entries)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_item record;
BEGIN
    IF p_new.project_id IS NULL AND p_new.task_id IS NULL AND p_new.tag_ids = '{}' THEN
        RETURN;
    END IF;
    FOR v_item IN
        SELECT named.field, named.kind, c.id, c.archived_at, c.parent_id
        FROM (
            SELECT 'project_id' AS field, 'project' AS kind, p_new.project_id AS id
            WHERE p_new.project_id IS DISTINCT FROM p_old.project_id
            UNION ALL SELECT 'task_id', 'task', p_new.task_id
            WHERE p_new.task_id IS DISTINCT FROM p_old.task_id OR p_new.project_id IS DISTINCT FROM p_old.project_id
            UNION ALL SELECT 'tag_ids', 'tag', t FROM unnest(p_new.tag_ids) t
            WHERE t <> ALL (coalesce(p_old.tag_ids, '{}'))
        ) named
        LEFT JOIN LATERAL (
            SELECT * FROM tracking.catalogue c
            WHERE c.id = named.id AND c.kind = named.kind AND c.deleted_at IS NULL
            FOR KEY SHARE
        ) c ON true
        WHERE named.id IS NOT NULL
        ORDER BY named.id
    LOOP
        IF v_item.id IS NULL THEN
            PERFORM tracking.refuse('unknown-name', jsonb_build_object('field', v_item.field));
        ELSIF v_item.kind = 'task' AND v_item.parent_id IS DISTINCT FROM p_new.project_id THEN
            PERFORM tracking.refuse('unknown-name', jsonb_build_object('field', 'task_id'));
        ELSIF v_item.archived_at IS NOT NULL AND NOT (v_item.kind = 'task' AND v_item.id = p_old.task_id) THEN
            PERFORM tracking.refuse('archived', jsonb_build_object('field', v_item.field));
        END IF;
    END LOOP;
END $$;

-- The fields of a command's arguments, on top of an entry.
CREATE OR REPLACE FUNCTION tracking.with_fields(p_entry tracking.time_entries, p_args jsonb)
RETURNS tracking.time_entries LANGUAGE plpgsql STABLE AS $$
BEGIN
    p_entry.started_at := (p_args->>'start')::timestamptz;
    p_entry.ended_at := (p_args->>'end')::timestamptz;
    p_entry.zone := p_args->>'zone';
    p_entry.description := p_args->>'description';
    p_entry.project_id := (p_args->>'project_id')::uuid;
    p_entry.task_id := (p_args->>'task_id')::uuid;
    p_entry.tag_ids := '{}';
    IF jsonb_array_length(p_args->'tag_ids') > 0 THEN
        p_entry.tag_ids := ARRAY(SELECT jsonb_array_elements_text(p_args->'tag_ids')::uuid);
    END IF;
    p_entry.billable := (p_args->>'billable')::boolean;
    RETURN p_entry;
END $$;

-- The living entry of the caller that still has the version which the caller read.
CREATE OR REPLACE FUNCTION tracking.own_entry(p_call jsonb, p_args jsonb) RETURNS tracking.time_entries
LANGUAGE plpgsql AS $$
DECLARE
    v_entry tracking.time_entries;
BEGIN
    SELECT e.* INTO v_entry FROM tracking.time_entries e
    WHERE e.id = (p_args->>'id')::uuid AND e.user_id = (p_call->>'user')::uuid AND e.deleted_at IS NULL;
    IF NOT FOUND THEN
        PERFORM tracking.refuse('not-found');
    ELSIF v_entry.version <> (p_args->>'version')::bigint THEN
        PERFORM tracking.refuse('stale');
    END IF;
    RETURN v_entry;
END $$;
