-- An instant as every event and API answer writes it.
CREATE OR REPLACE FUNCTION tracking.iso(p_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- What an event tells of an entry, before or after the change.
CREATE OR REPLACE FUNCTION tracking.entry_state(p tracking.time_entries) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'start', tracking.iso(p.started_at),
        'end', tracking.iso(p.ended_at),
        'zone', p.zone,
        'description', p.description,
        'project', p.project)
$$;

-- The living entry of this person that a closed interval would overlap, the earliest first.
CREATE OR REPLACE FUNCTION tracking.overlapping(p_user uuid, p_except uuid, p_start timestamptz, p_end timestamptz)
RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT id FROM tracking.time_entries
    WHERE user_id = p_user AND id <> p_except AND ended_at IS NOT NULL AND deleted_at IS NULL
      AND tstzrange(started_at, ended_at) && tstzrange(p_start, p_end)
    ORDER BY started_at LIMIT 1
$$;

-- Make the person's row if it is new, take their name as the token has it, and lock it: whoever changes
-- a person's entries goes through here first, so the changes of one person are in one order.
CREATE OR REPLACE FUNCTION tracking.lock_owner(p_user uuid, p_username text, p_name text) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO tracking.users AS u (id, username, name) VALUES (p_user, p_username, p_name)
    ON CONFLICT (id) DO UPDATE SET username = excluded.username, name = excluded.name
$$;
