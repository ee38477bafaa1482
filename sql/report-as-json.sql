-- The report for programs, and for the pictures of the page. Parameter: a run, or nothing for the last one.
WITH this AS (
  SELECT *
  FROM run
  WHERE run_id = coalesce(:#${variable.reported}::bigint, (SELECT max(run_id) FROM run))
), letter AS (
  SELECT d.run_id, d.stage, d.reason, count(*) AS letters, min(d.error) AS example
  FROM dead_letter d, this
  WHERE d.run_id = this.run_id
     OR d.status = 'open' AND dead_letter_id IN (SELECT dead_letter_id FROM feed_row WHERE feed_row.run_id = this.run_id)
  GROUP BY d.run_id, d.stage, d.reason
), earlier AS (
  SELECT run.*, round(100.0 * this.rows / nullif(run.rows, 0) - 100, 1) AS rows_percent_since
  FROM run JOIN this USING (series)
  WHERE run.run_id < this.run_id AND run.status IN ('complete', 'incomplete')
  ORDER BY run.run_id DESC
  LIMIT 7
), sample AS (
  SELECT s.*, row_number() OVER taken AS n, count(*) OVER () AS samples
  FROM run_sample s JOIN this USING (run_id)
  WINDOW taken AS (ORDER BY s.taken_at)
), point AS (
  -- Two hundred are enough for a picture.
  SELECT taken_at, seconds, done, dead, apis,
         lag(apis) OVER taken AS apis_before,
         -- Batches and samples come every two seconds alike, so that one sample sees none of them and the next one two.
         coalesce(lag(taken_at, 2) OVER taken, lag(taken_at) OVER taken) AS since,
         coalesce(lag(done, 2) OVER taken, lag(done) OVER taken)         AS done_before
  FROM sample
  WHERE n % greatest(1, samples / 200) = 0 OR n IN (1, samples)
  WINDOW taken AS (ORDER BY taken_at)
)
SELECT jsonb_build_object(
  'run', (SELECT to_jsonb(this) - 'series' FROM this),
  'apis', (SELECT coalesce(jsonb_agg(to_jsonb(a) - 'run_id' ORDER BY api), '[]') FROM run_api a JOIN this USING (run_id)),
  'dead_letters', (SELECT coalesce(jsonb_agg(to_jsonb(letter) - 'run_id' ORDER BY letters DESC, stage, reason), '[]') FROM letter),
  'earlier', (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
             'run_id', e.run_id, 'status', e.status, 'started_at', e.started_at, 'seconds', e.seconds, 'rows', e.rows,
             'dead', e.dead, 'rows_percent_since', e.rows_percent_since,
             'dead_letters', (SELECT coalesce(jsonb_object_agg(reason, letters), '{}')
                              FROM (SELECT reason, count(*) AS letters FROM dead_letter WHERE run_id = e.run_id GROUP BY reason) r))
             ORDER BY e.run_id DESC), '[]')
    FROM earlier e),
  'samples', (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
             'taken_at', taken_at, 'seconds', seconds, 'done', done, 'dead', dead,
             'per_second', round(greatest(done - done_before, 0)
                                 / greatest(extract(epoch FROM taken_at - since), 0.001), 1),
             'latency_ms', (
               -- What the calls since the sample before took on average; a process that has resumed the run counts from 0.
               SELECT jsonb_object_agg(api, round(1000 * took / nullif(calls, 0), 1))
               FROM (SELECT a.api,
                            CASE WHEN b.calls <= a.calls THEN a.calls - b.calls ELSE a.calls END AS calls,
                            CASE WHEN b.calls <= a.calls THEN a.call_seconds - b.call_seconds ELSE a.call_seconds END AS took
                     FROM jsonb_to_recordset(apis) AS a (api text, calls bigint, call_seconds numeric)
                     LEFT JOIN jsonb_to_recordset(apis_before) AS b (api text, calls bigint, call_seconds numeric) USING (api)) c))
             ORDER BY taken_at), '[]')
    FROM point
    WHERE since IS NOT NULL)
)::text AS json
FROM this
