-- Rows of the feed that cannot be worked on are dead letters at once. Answers how many there were.
WITH letter AS (
  INSERT INTO dead_letter (run_id, contract_id, line_number, row, stage, reason, error, attempts)
  SELECT run_id, contract_id, line_number, jsonb_or_text(row::text), 'feed', 'malformed row', defect, 0
  FROM feed_row
  WHERE run_id = :#${variable.run.id} AND defect IS NOT NULL AND NOT superseded
  ON CONFLICT (run_id, line_number) DO NOTHING
  RETURNING run_id, contract_id
), ledger AS (
  INSERT INTO run_contract (run_id, contract_id, outcome)
  SELECT run_id, contract_id, 'dead'
  FROM letter
  WHERE contract_id IS NOT NULL
)
SELECT count(*) FROM letter
