-- The lines of the entries in `f`, with the time that each has from $1 to $2. Names may come later than the entries.
SELECT f.entry_id, f.user_id, u.name, f.started_at, f.ended_at, f.zone, f.description,
    f.project_id, p.name, p.color, p.parent, c.name, c.color, f.task_id, t.name, t.color, g.tags, f.billable,
    y.seconds, y.rounded_seconds, y.amount, f.currency
FROM f
CROSS JOIN LATERAL (
    SELECT sum(d.seconds)::bigint AS seconds, sum(d.rounded_seconds)::bigint AS rounded_seconds, sum(d.amount)::bigint AS amount
    FROM jsonb_to_recordset(f.days) AS d (date date, seconds bigint, rounded_seconds bigint, amount bigint)
    WHERE d.date BETWEEN $1::date AND $2::date) y
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'name', n.name, 'color', n.color) ORDER BY n.name, i.id), '[]') AS tags
    FROM unnest(f.tag_ids) AS i (id) LEFT JOIN reporting.catalogue n ON n.kind = 'tag' AND n.id = i.id) g
LEFT JOIN reporting.people u ON u.id = f.user_id
LEFT JOIN reporting.catalogue p ON p.kind = 'project' AND p.id = f.project_id
LEFT JOIN reporting.catalogue c ON c.kind = 'client' AND c.id = p.parent
LEFT JOIN reporting.catalogue t ON t.kind = 'task' AND t.id = f.task_id
ORDER BY f.started_at DESC, f.entry_id DESC
