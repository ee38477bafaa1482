-- The feed is whole: of several rows for one contract the last one counts; the run knows how many rows it has.
-- Rows are found by where they lie, so that no plan depends on what the database knows of a run that has just come.
WITH superseded AS (
  UPDATE feed_row
  SET superseded = true
  WHERE ctid = ANY (ARRAY(
    SELECT ctid
    FROM (SELECT ctid, row_number() OVER (PARTITION BY contract_id ORDER BY line_number DESC) AS from_last
          FROM feed_row
          WHERE run_id = :#${variable.run.id} AND contract_id IS NOT NULL) of_contract
    WHERE from_last > 1))
  RETURNING 1
)
UPDATE run
SET rows = (SELECT count(*) FROM feed_row WHERE run_id = :#${variable.run.id})
WHERE run_id = :#${variable.run.id}
RETURNING rows, (SELECT count(*) FROM superseded) AS duplicates
