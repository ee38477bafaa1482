-- The runs with their numbers, the last one first. Parameters: a part of the feed's name, and how many; null is no restriction.
SELECT run_id AS run, status, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') AS started, usage_period, rows, loaded,
       unchanged, dead, duplicate, pending, round(seconds, 1) AS seconds, feed, reason,
       to_jsonb(run)::text AS json
FROM run
WHERE :#${body[feed]}::text IS NULL OR strpos(lower(feed), lower(:#${body[feed]}::text)) > 0
ORDER BY run_id DESC
LIMIT :#${body[last]}::bigint
