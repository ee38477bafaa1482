-- What the analysts read: one row per contract.
CREATE TABLE contract_enriched (
  contract_id   text PRIMARY KEY,
  customer_id   text NOT NULL,
  contract_name text,
  status        text,
  start_date    date,
  end_date      date,
  total_value   numeric,
  currency      text,
  usage_period  text NOT NULL,
  usage_value   numeric NOT NULL,
  source        jsonb NOT NULL,
  run_id        bigint NOT NULL,
  enriched_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN contract_enriched.source IS 'both answers, whole';
COMMENT ON COLUMN contract_enriched.run_id IS 'the run that last changed the row';

-- One row per pass over a feed. "rows" is null until the whole feed is in feed_row.
CREATE TABLE run (
  run_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed         text NOT NULL,
  feed_sha256  text NOT NULL,
  usage_period text NOT NULL,
  status       text NOT NULL CHECK (status IN ('running', 'complete', 'incomplete', 'failed')),
  rows         bigint,
  loaded       bigint,
  unchanged    bigint,
  dead         bigint,
  duplicate    bigint,
  pending      bigint,
  reason       text,
  seconds      numeric NOT NULL DEFAULT 0,
  started_at   timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz
);
COMMENT ON COLUMN run.seconds IS 'time at work, over every start of the run';
CREATE INDEX run_of_feed ON run (feed_sha256);

-- The calls that a run made, by API.
CREATE TABLE run_api (
  run_id          bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  api             text NOT NULL,
  calls           bigint NOT NULL,
  mean_latency_ms numeric NOT NULL,
  PRIMARY KEY (run_id, api)
);

-- The work list: the rows of a feed while its run is not complete.
CREATE TABLE feed_row (
  run_id         bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  line_number    bigint NOT NULL,
  contract_id    text,
  customer_id    text,
  row            json NOT NULL,
  defect         text,
  superseded     boolean NOT NULL DEFAULT false,
  dead_letter_id bigint,
  netsuite       json,
  PRIMARY KEY (run_id, line_number)
);
COMMENT ON COLUMN feed_row.defect IS 'why the row cannot be worked on; null for a sound one';
COMMENT ON COLUMN feed_row.dead_letter_id IS 'the letter that is replayed; null where the row is from a feed';
COMMENT ON COLUMN feed_row.netsuite IS 'what NetSuite has answered before the replay';
COMMENT ON COLUMN feed_row.superseded IS 'a later row of the feed is for the same contract';
CREATE INDEX feed_row_contract ON feed_row (run_id, contract_id, line_number);

-- The ledger: what became of each contract of a run.
CREATE TABLE run_contract (
  run_id      bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  contract_id text NOT NULL,
  outcome     text NOT NULL CHECK (outcome IN ('loaded', 'unchanged', 'dead')),
  PRIMARY KEY (run_id, contract_id)
);

CREATE TABLE dead_letter (
  dead_letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id         bigint NOT NULL REFERENCES run,
  contract_id    text,
  line_number    bigint NOT NULL,
  row            jsonb NOT NULL,
  stage          text NOT NULL CHECK (stage IN ('feed', 'netsuite', 'usage', 'load')),
  reason         text NOT NULL,
  error          text NOT NULL,
  attempts       integer NOT NULL,
  netsuite       jsonb,
  status         text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'replayed', 'discarded')),
  created_at     timestamptz NOT NULL DEFAULT now(),
  resolved_at    timestamptz,
  because        text,
  UNIQUE (run_id, line_number)
);
CREATE INDEX dead_letter_open ON dead_letter (contract_id) WHERE status = 'open';
COMMENT ON COLUMN dead_letter.because IS 'why somebody has discarded it';
COMMENT ON COLUMN dead_letter.netsuite IS 'what NetSuite had answered already, so that a replay asks for the rest only';

-- jsonb refuses some texts that are JSON, such as one with \u0000. A dead letter keeps those as they came, in a JSON string.
CREATE FUNCTION jsonb_or_text(text) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE STRICT AS
$$
BEGIN
  RETURN $1::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN to_jsonb($1);
END
$$;
