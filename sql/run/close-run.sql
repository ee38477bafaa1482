-- Closes the run with what became of each row of its feed, counted from the rows and the ledger alone. A row without
-- a fate is pending where the run was stopped; where it was not, something has lost that row: the run has failed. A run whose
-- feed has changed since it was read is never complete.
WITH fate AS (
  SELECT
    f.contract_id,
    CASE
      WHEN f.superseded THEN 'duplicate'
      ELSE coalesce(
        (SELECT c.outcome FROM run_contract c WHERE c.run_id = f.run_id AND c.contract_id = f.contract_id),
        (SELECT 'dead' FROM dead_letter d WHERE d.run_id = f.run_id AND d.line_number = f.line_number),
        'pending')
    END AS outcome
  FROM feed_row f
  WHERE f.run_id = :#${variable.run.id}
), total AS (
  SELECT
    count(*)                                        AS rows,
    count(*) FILTER (WHERE outcome = 'loaded')      AS loaded,
    count(*) FILTER (WHERE outcome = 'unchanged')   AS unchanged,
    count(*) FILTER (WHERE outcome = 'dead')        AS dead,
    count(*) FILTER (WHERE outcome = 'duplicate')   AS duplicate,
    count(*) FILTER (WHERE outcome = 'pending')     AS pending
  FROM fate
), late AS (
  SELECT count(*) AS outdated FROM run_contract WHERE run_id = :#${variable.run.id} AND later_period IS NOT NULL
), withdrawn AS (
  -- A row that was cut off comes again whole, but nothing tells that it is the same one.
  UPDATE dead_letter
  SET status = 'discarded', resolved_at = now(), because = :#${variable.run.feedChange}::text
  WHERE run_id = :#${variable.run.id} AND stage = 'feed' AND status = 'open' AND :#${variable.run.feedChange}::text IS NOT NULL
), missing AS (
  SELECT string_agg(contract_id, ', ') AS contracts
  FROM (SELECT contract_id FROM fate WHERE outcome = 'pending' ORDER BY contract_id LIMIT 20) first_ones
)
UPDATE run
SET rows = t.rows, loaded = t.loaded, unchanged = t.unchanged, outdated = late.outdated, dead = t.dead, duplicate = t.duplicate,
    pending = t.pending,
    status = CASE
               WHEN :#${variable.run.feedChange}::text IS NOT NULL THEN 'incomplete'
               WHEN t.pending = 0 THEN 'complete'
               WHEN :#${variable.run.stopReason}::text IS NOT NULL THEN 'incomplete'
               ELSE 'failed'
             END,
    reason = CASE
               WHEN :#${variable.run.feedChange}::text IS NOT NULL THEN :#${variable.run.feedChange}::text
               WHEN t.pending = 0 THEN NULL
               WHEN :#${variable.run.stopReason}::text IS NOT NULL THEN :#${variable.run.stopReason}::text
               ELSE 'not accounted for: ' || m.contracts
             END,
    seconds = seconds + :#${variable.run.seconds}::numeric,
    finished_at = now()
FROM total t, late, missing m
WHERE run_id = :#${variable.run.id} AND status = 'running'
RETURNING run.run_id, status, run.rows, run.loaded, run.unchanged, run.outdated, run.dead, run.duplicate, run.pending,
  reason
