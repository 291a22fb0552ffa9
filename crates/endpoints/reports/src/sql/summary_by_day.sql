SELECT day, sum(seconds)::bigint
FROM reporting.daily_totals
WHERE user_id = $1 AND day BETWEEN $2 AND $3
GROUP BY day
ORDER BY day
