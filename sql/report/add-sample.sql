-- Adds to a run's samples how it is going. Parameter: a RunState as JSON.
INSERT INTO run_sample (run_id, seconds, done, dead, apis)
SELECT run.run_id, run.seconds + state.seconds, state.done, state.dead, state.apis
FROM jsonb_to_record(:#${body}::jsonb) AS state (run_id bigint, seconds numeric, done bigint, dead bigint, apis jsonb)
JOIN run USING (run_id)
WHERE run.status = 'running'
ON CONFLICT DO NOTHING
