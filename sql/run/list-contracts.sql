-- Notes which contracts the feed of a run lists, and which ones it no longer lists though earlier feeds of its series did. Only the last
-- run of a series says so, and only where it is complete and its feed is full: fetched from NetSuite, or named by feed.full. Before the
-- first such run, the ledger and the table say what the series has brought. Answers a row where the run says so.
WITH this AS (
  SELECT run_id, series
  FROM run
  WHERE run_id = :#${variable.run.id} AND status = 'complete' AND feed_sha256 <> 'dead letters' AND NOT is_part(series)
    AND :#${properties:feed.missing-contracts}::text = 'mark'
    AND (EXISTS (SELECT FROM fetched_feed WHERE fetched_feed.feed = run.feed)
      OR EXISTS (SELECT FROM unnest(string_to_array(:#${properties:feed.full}::text, ',')) AS name
                 WHERE run.feed LIKE replace(replace(replace(replace(btrim(name), '\', '\\'), '_', '\_'), '%', '\%'), '*', '%')))
    AND NOT EXISTS (SELECT FROM run AS later
                    WHERE later.series = run.series AND later.status = 'complete' AND later.feed_sha256 <> 'dead letters'
                      AND (later.run_id > run.run_id OR later.usage_period > run.usage_period))
), listed AS (
  SELECT contract_id FROM feed_row JOIN this USING (run_id) WHERE contract_id IS NOT NULL AND NOT superseded
), before AS (
  SELECT contract_id, missing_since FROM listed_contract JOIN this USING (series)
), brought AS (
  SELECT c.contract_id FROM this JOIN run r USING (series) JOIN run_contract c ON c.run_id = r.run_id
  WHERE c.outcome IN ('loaded', 'unchanged') AND NOT EXISTS (SELECT FROM before)
  UNION
  SELECT c.contract_id FROM this JOIN run r USING (series) JOIN contract_enriched c ON c.run_id = r.run_id
  WHERE NOT EXISTS (SELECT FROM before)
), added AS (
  INSERT INTO listed_contract (series, contract_id, missing_since)
  SELECT this.series, contract_id, CASE WHEN listed.contract_id IS NULL THEN this.run_id END
  FROM this, (SELECT contract_id FROM listed UNION SELECT contract_id FROM brought) AS known
    LEFT JOIN listed USING (contract_id) LEFT JOIN before USING (contract_id)
  WHERE before.contract_id IS NULL
), changed AS (
  UPDATE listed_contract l
  SET missing_since = CASE WHEN is_listed THEN NULL ELSE this.run_id END
  FROM this, (SELECT contract_id, missing_since, listed.contract_id IS NOT NULL AS is_listed
              FROM before LEFT JOIN listed USING (contract_id)) AS known
  WHERE l.series = this.series AND l.contract_id = known.contract_id AND (known.missing_since IS NULL) <> is_listed
)
SELECT run_id, (SELECT count(*) FROM feed_row f WHERE f.run_id = this.run_id AND f.contract_id IS NULL) AS without_id FROM this
