-- What became of each contract of a rehearsal, by the tables and not by what the run counted: its outcomes in the ledger, its open
-- dead letters, and its row without what differs between two runs.
WITH ledger AS (
  SELECT contract_id, string_agg(outcome, ' and ' ORDER BY outcome) AS outcome FROM run_contract GROUP BY contract_id
), letter AS (
  SELECT contract_id, count(*) AS letters, min(stage || ': ' || reason) AS reason
  FROM dead_letter
  WHERE status = 'open'
  GROUP BY contract_id
), loaded AS (
  SELECT contract_id, (to_jsonb(c) - 'run_id' - 'source' - times)::text AS row
  FROM contract_enriched c, (
    SELECT coalesce(array_agg(attname::text), '{}') AS times
    FROM pg_attribute
    WHERE attrelid = 'contract_enriched'::regclass AND atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)) t
)
SELECT contract_id, outcome, coalesce(letters, 0) AS letters, reason, row
FROM ledger FULL JOIN letter USING (contract_id) FULL JOIN loaded USING (contract_id)
