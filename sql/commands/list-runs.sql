-- The runs with their numbers, the last one first. Parameters: a part of the feed's name, and how many; null is no restriction.
SELECT run_id AS run, status, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') AS started, usage_period, rows, loaded,
       unchanged, dead, duplicate, pending, removed, round(seconds, 1) AS seconds, feed,
       nullif(concat_ws('; ', reason,
                        CASE WHEN outdated > 0 THEN format('%s unchanged since the table has a later month than %s', outdated, usage_period) END,
                        CASE WHEN not_removed_because IS NOT NULL THEN format('%s missing contracts not marked as removed', missing) END,
                        CASE WHEN status IN ('running', 'incomplete') THEN 'superseded by run ' || superseded_by END), '') AS reason,
       to_jsonb(run)::text AS json
FROM run
WHERE :#${body[feed]}::text IS NULL OR strpos(lower(feed), lower(:#${body[feed]}::text)) > 0
ORDER BY run_id DESC
LIMIT :#${body[last]}::bigint
