-- {items: [{index, command, args}], dry_run, refused: [{index, refused, …}]}: all or nothing, in the order given
-- → [{index, entry}]. An item may take time of an entry that a later one changes or deletes, so that two entries can
-- trade places; the later one is checked against all before it, and the constraint against all of them at the end. Every item is tried, so that a refusal (`bulk-refused`) lists all bad ones, together with
-- those in `refused`, which the caller found before. A dry run ends in the same way, bad items or none.
CREATE OR REPLACE FUNCTION tracking.bulk_entries(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_item jsonb;
    v_done jsonb := '[]';
    v_refused jsonb := p_args->'refused';
    v_one jsonb;
    -- The ids of entries that exist, of the items after the current one.
    v_later jsonb := (
        SELECT coalesce(jsonb_agg(i->'args'->'id' ORDER BY n), '[]')
        FROM jsonb_array_elements(p_args->'items') WITH ORDINALITY AS items (i, n));
BEGIN
    SET CONSTRAINTS tracking.time_entries_no_overlap DEFERRED;
    FOR v_item IN SELECT * FROM jsonb_array_elements(p_args->'items') LOOP
        v_later := v_later - 0;
        v_one := tracking.attempt(p_call - 'key', v_item->>'command', v_item->'args' || jsonb_build_object('later', v_later));
        IF v_one ? 'refused' THEN
            v_refused := v_refused || jsonb_build_array(v_one || jsonb_build_object('index', v_item->'index'));
        ELSE
            v_done := v_done || jsonb_build_array(jsonb_build_object('index', v_item->'index', 'entry', v_one->'done'));
        END IF;
    END LOOP;
    IF (p_args->>'dry_run')::boolean OR v_refused <> '[]' THEN
        PERFORM tracking.refuse('bulk-refused', jsonb_build_object('items', v_refused));
    END IF;
    SET CONSTRAINTS tracking.time_entries_no_overlap IMMEDIATE;
    RETURN v_done;
END $$;
