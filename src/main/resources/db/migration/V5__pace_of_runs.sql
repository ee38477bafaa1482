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

-- The same feed of another night has another date in its name.
ALTER TABLE run ADD COLUMN series text GENERATED ALWAYS AS (regexp_replace(feed, '[0-9]+', '0', 'g')) STORED;
CREATE INDEX run_of_series ON run (series, run_id);
