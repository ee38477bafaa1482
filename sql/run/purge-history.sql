-- Forgets the work list of a run that is complete, and what the runs of long ago have left; but a run that can be resumed needs both.
-- What a run came to stays in run.
WITH old AS (
  SELECT run_id
  FROM run
  WHERE finished_at < now() - make_interval(days => :#${properties:run.history-days}::integer)
    AND status IN ('complete', 'failed')
), ledger AS (
  DELETE FROM run_contract WHERE run_id IN (SELECT run_id FROM old)
), samples AS (
  DELETE FROM run_sample WHERE run_id IN (SELECT run_id FROM old)
)
DELETE FROM feed_row
WHERE run_id = (SELECT run_id FROM run WHERE run_id = :#${variable.run.id} AND status = 'complete')
   OR run_id IN (SELECT run_id FROM old)
