-- How a run went on, as JSON: at each sample, three hundred at most, its time at work, what was done and dead by then, the rows a second
-- of late, since rows come in batches, and the mean latency of each API since the sample before, in ms.
WITH numbered AS (
  SELECT row_number() OVER (ORDER BY taken_at) AS n, count(*) OVER () AS samples, seconds, done, dead, apis
  FROM run_sample
  WHERE run_id = :#${variable.query.run}::bigint
), kept AS (
  SELECT n, seconds, done, dead, apis, first_value(seconds) OVER late AS seconds_before, first_value(done) OVER late AS done_before,
         lag(apis, 1, '[]') OVER late AS apis_before
  FROM numbered
  WHERE (n - 1) % (samples / 300 + 1) = 0 OR n = samples
  WINDOW late AS (ORDER BY n ROWS 3 PRECEDING)
), point AS (
  SELECT n, seconds, done, dead,
         round((done - done_before) / nullif(seconds - seconds_before, 0), 1) AS per_second,
         (SELECT jsonb_object_agg(a.api, round((a.call_seconds - b.call_seconds) * 1000 / nullif(a.calls - b.calls, 0), 1))
          FROM jsonb_to_recordset(apis) AS a (api text, calls bigint, call_seconds numeric)
          -- Another start of the run counts from nothing.
          CROSS JOIN LATERAL (SELECT coalesce(max(calls), 0) AS calls, coalesce(max(call_seconds), 0) AS call_seconds
                              FROM jsonb_to_recordset(apis_before) AS e (api text, calls bigint, call_seconds numeric)
                              WHERE e.api = a.api AND e.calls <= a.calls) b) AS latency_ms
  FROM kept
)
SELECT coalesce(jsonb_agg(jsonb_build_object('seconds', seconds, 'done', done, 'dead', dead, 'per_second', per_second,
                                             'latency_ms', latency_ms) ORDER BY n), '[]')::text
FROM point
