-- The run of a feed that goes on, or has begun or ended since that time; no number where there is none yet. Parameters: the feed's name, the time.
SELECT max(run_id) AS run
FROM run
WHERE feed = :#${variable.order}::text
  AND (status = 'running' OR started_at >= :#${variable.since}::timestamptz OR finished_at >= :#${variable.since}::timestamptz)
