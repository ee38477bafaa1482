-- How a run went on, every two seconds: what pictures of it are drawn from.
CREATE TABLE run_sample (
  run_id   bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  taken_at timestamptz NOT NULL DEFAULT now(),
  seconds  numeric NOT NULL,
  done     bigint NOT NULL,
  dead     bigint NOT NULL,
  apis     jsonb NOT NULL,
  PRIMARY KEY (run_id, taken_at)
);
COMMENT ON COLUMN run_sample.seconds IS 'time at work until then, over every start of the run, as in run.seconds';
COMMENT ON COLUMN run_sample.done IS 'rows whose fate was in the database';
COMMENT ON COLUMN run_sample.apis IS 'the state of each API, with the calls of this start of the run and what they took in all';

-- The pace of each run: at two hundred of its samples or a few more, how many rows a second, and what a call of each API took on
-- average. Batches and samples come every two seconds alike, so the rate is that of three samples; a process that resumes a run counts
-- its calls from nothing.
CREATE VIEW run_pace AS
WITH numbered AS (
  SELECT run_sample.*,
         row_number() OVER (PARTITION BY run_id ORDER BY taken_at) AS n, count(*) OVER (PARTITION BY run_id) AS samples
  FROM run_sample
), kept AS (
  SELECT run_id, n, taken_at, seconds, done, dead, apis,
         first_value(seconds) OVER late AS seconds_before, first_value(done) OVER late AS done_before,
         lag(apis, 1, '[]') OVER late AS apis_before
  FROM numbered
  WHERE (n - 1) % (samples / 200 + 1) = 0 OR n = samples
  WINDOW late AS (PARTITION BY run_id ORDER BY n ROWS 3 PRECEDING)
)
SELECT run_id, n, taken_at, seconds, done, dead,
       round((done - done_before) / nullif(seconds - seconds_before, 0), 1) AS per_second,
       (SELECT jsonb_object_agg(a.api, round((a.call_seconds - b.call_seconds) * 1000 / nullif(a.calls - b.calls, 0), 1))
        FROM jsonb_to_recordset(apis) AS a (api text, calls bigint, call_seconds numeric)
        CROSS JOIN LATERAL (SELECT coalesce(max(calls), 0) AS calls, coalesce(max(call_seconds), 0) AS call_seconds
                            FROM jsonb_to_recordset(apis_before) AS e (api text, calls bigint, call_seconds numeric)
                            WHERE e.api = a.api AND e.calls <= a.calls) b) AS latency_ms
FROM kept;

-- The same feed of another night has another date in its name.
ALTER TABLE run ADD COLUMN series text GENERATED ALWAYS AS (regexp_replace(feed, '[0-9]+', '0', 'g')) STORED;
CREATE INDEX run_of_series ON run (series, run_id);
