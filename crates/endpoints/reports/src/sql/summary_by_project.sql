SELECT nullif(project, ''), sum(seconds)::bigint
FROM reporting.daily_totals
WHERE user_id = $1 AND day BETWEEN $2 AND $3
GROUP BY project
ORDER BY sum(seconds) DESC, project
