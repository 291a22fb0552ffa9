-- Refusals: a command that may not go on raises one, so that all it did is undone; tracking.write answers it.

-- `p_problem` is the name of a problem type (docs/problems), `p_members` what the problem tells beside it.
CREATE OR REPLACE FUNCTION tracking.refuse(p_problem text, p_members jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', p_problem USING ERRCODE = 'TTREF', DETAIL = jsonb_strip_nulls(p_members)::text;
END $$;

-- Which refusal a broken constraint is: the rules' last line, for what a command did not see coming.
CREATE OR REPLACE FUNCTION tracking.refusal_of_constraint(p_constraint text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('refused', problem, 'field', field)
    FROM (VALUES
        ('time_entries_no_overlap', 'overlap', 'start'),
        ('time_entries_one_running', 'timer-running', 'end'),
        ('time_entries_end_after_start', 'zero-length', 'end'),
        ('time_entries_at_most_a_day', 'too-long', 'end'),
        ('catalogue_name_taken', 'name-taken', 'name')
    ) AS refusals (name, problem, field)
    WHERE name = p_constraint
$$;
