-- Puts one contract aside, with its row as it came, and says so in the ledger.
WITH letter AS (
  INSERT INTO dead_letter (run_id, contract_id, line_number, row, stage, reason, error, attempts, netsuite)
  SELECT run_id, contract_id, line_number, jsonb_or_text(row::text), :#${variable.deadLetter.stage},
         :#${variable.deadLetter.reason}, :#${variable.deadLetter.error}, :#${variable.deadLetter.attempts},
         jsonb_or_text(:#${variable.deadLetter.netsuite}::text)
  FROM feed_row
  WHERE run_id = :#${variable.run.id} AND line_number = :#${variable.deadLetter.lineNumber}
  ON CONFLICT (run_id, line_number) DO NOTHING
  RETURNING run_id, contract_id
)
INSERT INTO run_contract (run_id, contract_id, outcome)
SELECT run_id, contract_id, 'dead' FROM letter
ON CONFLICT (run_id, contract_id) DO NOTHING
