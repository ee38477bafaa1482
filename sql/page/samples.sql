-- How a run went on, as JSON: at each sample its time at work, what was done and dead by then, rows a second, and ms a call.
SELECT coalesce(jsonb_agg(jsonb_build_object('seconds', seconds, 'done', done, 'dead', dead, 'per_second', per_second,
                                             'latency_ms', latency_ms) ORDER BY n), '[]')::text
FROM run_pace
WHERE run_id = :#${variable.query.run}::bigint
