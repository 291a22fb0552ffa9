-- What reports name: projects, clients, tasks, tags and people. The newest state of each is kept.

-- [{kind, id, version, name, color, archived, parent, deleted}] → how many were newer than what was known
CREATE OR REPLACE FUNCTION reporting.apply_items_here(p_items jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_newer bigint;
BEGIN
    WITH stored AS (
        INSERT INTO catalogue AS c (kind, id, version, name, color, archived, parent, deleted)
        SELECT DISTINCT ON (kind, id) kind, id, version, name, color, archived, parent, deleted
        FROM jsonb_to_recordset(p_items) AS i (kind text, id uuid, version bigint, name text, color text,
            archived boolean, parent uuid, deleted boolean)
        ORDER BY kind, id, version DESC
        ON CONFLICT (kind, id) DO UPDATE
        SET version = excluded.version, name = excluded.name, color = excluded.color, archived = excluded.archived,
            parent = excluded.parent, deleted = excluded.deleted
        WHERE c.version < excluded.version
        RETURNING 1
    )
    SELECT count(*) INTO v_newer FROM stored;
    RETURN v_newer;
END $$;

-- [{id, version, username, name, zone, locale, week_start, daily_target_minutes}] → the same
CREATE OR REPLACE FUNCTION reporting.apply_people_here(p_people jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_newer bigint;
BEGIN
    WITH stored AS (
        INSERT INTO people AS u (id, version, username, name, zone, locale, week_start, daily_target_minutes)
        SELECT DISTINCT ON (id) id, version, username, name, zone, locale, week_start, daily_target_minutes
        FROM jsonb_to_recordset(p_people) AS i (id uuid, version bigint, username text, name text, zone text,
            locale text, week_start text, daily_target_minutes bigint)
        ORDER BY id, version DESC
        ON CONFLICT (id) DO UPDATE
        SET version = excluded.version, username = excluded.username, name = excluded.name, zone = excluded.zone,
            locale = excluded.locale, week_start = excluded.week_start,
            daily_target_minutes = excluded.daily_target_minutes
        WHERE u.version < excluded.version
        RETURNING 1
    )
    SELECT count(*) INTO v_newer FROM stored;
    RETURN v_newer;
END $$;
