-- The last twenty runs with their numbers, the last one first, as JSON.
SELECT coalesce(jsonb_agg(r ORDER BY run_id DESC), '[]')::text
FROM (SELECT run_id, feed, usage_period, status, rows, loaded, unchanged, outdated, dead, duplicate, pending, reason, superseded_by,
             round(seconds, 1) AS seconds, started_at, finished_at
      FROM run
      ORDER BY run_id DESC
      LIMIT 20) r
