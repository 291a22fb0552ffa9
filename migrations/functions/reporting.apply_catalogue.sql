-- Apply one event of a project, client, task or tag: keep the newest state, so that neither order nor repeats
-- of events matter. Answers whether the event was newer than what was known.
CREATE OR REPLACE FUNCTION reporting.apply_catalogue(
    p_kind text, p_id uuid, p_version bigint, p_name text, p_color text, p_archived boolean, p_parent uuid,
    p_deleted boolean
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting AS $$
BEGIN
    INSERT INTO reporting.catalogue AS c (kind, id, version, name, color, archived, parent, deleted)
    VALUES (p_kind, p_id, p_version, p_name, p_color, p_archived, p_parent, p_deleted)
    ON CONFLICT (kind, id) DO UPDATE
    SET version = excluded.version, name = excluded.name, color = excluded.color, archived = excluded.archived,
        parent = excluded.parent, deleted = excluded.deleted, applied_at = now()
    WHERE c.version < excluded.version;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION reporting.apply_catalogue TO reporting_writer;
