-- Puts one contract aside, with its row as it came, and says so in the ledger. A letter that was replayed in vain stays the one
-- letter that it was, with what went wrong this time.
WITH failed AS (
  SELECT run_id, contract_id, customer_id, line_number, jsonb_or_text(row::text) AS row, dead_letter_id,
         :#${variable.deadLetter.stage}::text AS stage, :#${variable.deadLetter.reason}::text AS reason,
         :#${variable.deadLetter.error}::text AS error, :#${variable.deadLetter.attempts}::integer AS attempts,
         jsonb_or_text(:#${variable.deadLetter.netsuite}::text) AS netsuite
  FROM feed_row
  WHERE run_id = :#${variable.run.id} AND line_number = :#${variable.deadLetter.lineNumber}
), letter AS (
  INSERT INTO dead_letter (run_id, contract_id, customer_id, line_number, row, stage, reason, error, attempts, netsuite)
  SELECT run_id, contract_id, customer_id, line_number, row, stage, reason, error, attempts, netsuite
  FROM failed
  WHERE dead_letter_id IS NULL
  ON CONFLICT (run_id, line_number) DO NOTHING
), replayed AS (
  UPDATE dead_letter d
  SET stage = f.stage, reason = f.reason, error = f.error, attempts = f.attempts, netsuite = f.netsuite
  FROM failed f
  WHERE d.dead_letter_id = f.dead_letter_id AND d.status = 'open'
)
INSERT INTO run_contract (run_id, contract_id, outcome)
SELECT run_id, contract_id, 'dead' FROM failed
ON CONFLICT (run_id, contract_id) DO NOTHING
