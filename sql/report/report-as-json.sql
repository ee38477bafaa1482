-- The report for programs, and for the pictures of the page. Parameter: a run, or nothing for the last one.
WITH this AS (
  SELECT *
  FROM run
  WHERE run_id = coalesce(:#${variable.reported}::bigint, (SELECT max(run_id) FROM run))
), letter AS (
  SELECT d.stage, d.reason, count(*) AS letters, min(d.error) AS example
  FROM dead_letter d, this
  WHERE d.run_id = this.run_id
     -- A letter that was replayed in vain.
     OR dead_letter_id IN (SELECT f.dead_letter_id
                           FROM feed_row f JOIN run_contract c USING (run_id, contract_id)
                           WHERE f.run_id = this.run_id AND c.outcome = 'dead')
  GROUP BY d.stage, d.reason
), earlier AS (
  SELECT run.*, round(100.0 * this.rows / nullif(run.rows, 0) - 100, 1) AS rows_percent_since
  FROM run JOIN this USING (series)
  WHERE run.run_id < this.run_id AND run.status IN ('complete', 'incomplete') AND run.feed_sha256 <> 'dead letters'
  ORDER BY run.run_id DESC
  LIMIT 7
)
SELECT jsonb_build_object(
  'run', (SELECT to_jsonb(this) - 'series' FROM this),
  'apis', (SELECT coalesce(jsonb_agg(to_jsonb(a) - 'run_id' ORDER BY api), '[]') FROM run_api a JOIN this USING (run_id)),
  'advice', (SELECT coalesce(jsonb_agg(advice ORDER BY advice), '[]') FROM run_advice JOIN this USING (run_id)),
  'warnings', (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', rule, 'contracts', contracts) ORDER BY contracts DESC, rule), '[]')
               FROM (SELECT rule, count(*) AS contracts FROM contract_warning JOIN this USING (run_id) GROUP BY rule) AS w),
  'drift', (SELECT coalesce(jsonb_agg(to_jsonb(d) - 'run_id' ORDER BY field), '[]') FROM run_drift d JOIN this USING (run_id)),
  'dead_letters', (SELECT coalesce(jsonb_agg(to_jsonb(letter) ORDER BY letters DESC, stage, reason), '[]') FROM letter),
  'earlier', (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
             'run_id', e.run_id, 'status', e.status, 'started_at', e.started_at, 'seconds', e.seconds, 'rows', e.rows,
             'dead', e.dead, 'rows_percent_since', e.rows_percent_since,
             'dead_letters', (SELECT coalesce(jsonb_object_agg(reason, letters), '{}')
                              FROM (SELECT reason, count(*) AS letters FROM dead_letter WHERE run_id = e.run_id GROUP BY reason) r))
             ORDER BY e.run_id DESC), '[]')
    FROM earlier e),
  'samples', (
    SELECT coalesce(jsonb_agg(to_jsonb(p) - 'run_id' - 'n' ORDER BY n), '[]')
    FROM run_pace p
    WHERE p.run_id = this.run_id)
)::text AS json
FROM this
