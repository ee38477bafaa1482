-- Contracts whose row has usage of a later month than the run: load-batch.sql would leave the row as it is, so no API is asked for them.
-- They are unchanged, and the ledger says why. Their open dead letters of this month and earlier ones have nothing left to bring.
-- Answers how many contracts are settled now, how many of the run in all, and what month their rows have at the latest.
WITH outdated AS (
  INSERT INTO run_contract (run_id, contract_id, outcome, later_period)
  SELECT f.run_id, f.contract_id, 'unchanged', e.usage_period
  FROM feed_row f JOIN contract_enriched e USING (contract_id)
  WHERE f.run_id = :#${variable.run.id} AND NOT f.superseded AND f.defect IS NULL
    AND e.usage_period > :#${variable.run.usagePeriod}::text
  ON CONFLICT (run_id, contract_id) DO NOTHING
  RETURNING contract_id, later_period
), settled AS (
  UPDATE dead_letter d
  SET status = 'replayed', resolved_at = now(), because = 'the table has usage of ' || o.later_period
  FROM outdated o, run r
  WHERE d.contract_id = o.contract_id AND d.status = 'open'
    AND r.run_id = d.run_id AND r.usage_period <= :#${variable.run.usagePeriod}::text
)
SELECT count(*) AS settled, max(later_period) AS later_period,
  count(*) + (SELECT count(*) FROM run_contract WHERE run_id = :#${variable.run.id} AND later_period IS NOT NULL) AS outdated
FROM outdated
