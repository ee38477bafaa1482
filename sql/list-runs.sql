-- The runs with their numbers, the last one first.
SELECT
  format('%-5s %-10s %-28s %s %9s rows %9s loaded %9s unchanged %7s dead %7s duplicate %9s pending %9s s  %s', run_id, status,
         feed, to_char(started_at, 'YYYY-MM-DD HH24:MI'), coalesce(rows::text, '?'), coalesce(loaded::text, '?'),
         coalesce(unchanged::text, '?'), coalesce(dead::text, '?'), coalesce(duplicate::text, '?'), coalesce(pending::text, '?'),
         round(seconds, 1),
         concat_ws('; ', reason,
                   CASE WHEN outdated > 0 THEN format('%s unchanged since the table has a later month than %s', outdated, usage_period) END,
                   CASE WHEN status IN ('running', 'incomplete') THEN 'superseded by run ' || superseded_by END)) AS line,
  to_jsonb(run)::text AS json
FROM run
ORDER BY run_id DESC
