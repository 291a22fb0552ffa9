-- The name may come later than the time: events of projects and of entries are not in one order.
SELECT t.project_id::text, c.name, c.color, sum(t.seconds)::bigint AS seconds
FROM reporting.daily_totals t
LEFT JOIN reporting.catalogue c ON c.kind = 'project' AND c.id = t.project_id
WHERE t.user_id = $1 AND t.day BETWEEN $2 AND $3
GROUP BY t.project_id, c.name, c.color
ORDER BY seconds DESC, c.name, t.project_id
