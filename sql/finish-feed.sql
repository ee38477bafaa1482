-- The feed is whole: of several rows for one contract the last one counts; the run knows how many rows it has.
WITH superseded AS (
  UPDATE feed_row earlier
  SET superseded = true
  FROM (SELECT contract_id, max(line_number) AS line_number
        FROM feed_row
        WHERE run_id = :#${variable.run.id} AND contract_id IS NOT NULL
        GROUP BY contract_id
        HAVING count(*) > 1) last
  WHERE earlier.run_id = :#${variable.run.id}
    AND earlier.contract_id = last.contract_id
    AND earlier.line_number < last.line_number
)
UPDATE run
SET rows = (SELECT count(*) FROM feed_row WHERE run_id = :#${variable.run.id})
WHERE run_id = :#${variable.run.id}
RETURNING rows
