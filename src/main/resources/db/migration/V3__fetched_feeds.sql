-- The feeds that were fetched from NetSuite. What became of one is in run, under its name.
CREATE TABLE fetched_feed (
  feed       text NOT NULL,
  rows       bigint NOT NULL,
  started_at timestamptz NOT NULL,
  fetched_at timestamptz NOT NULL DEFAULT now()
);
