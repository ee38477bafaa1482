-- How many rows of the run need no more work: they are defective, later rows replace them, or they were worked off before the
-- run was resumed. A dead letter that was replayed or discarded since then is settled, and speaks against the run no longer.
SELECT
  count(*) FILTER (WHERE superseded OR defect IS NOT NULL OR outcome IS NOT NULL)              AS accounted,
  count(*) FILTER (WHERE superseded)                                                           AS duplicates,
  count(*) FILTER (WHERE NOT superseded AND outcome IN ('loaded', 'unchanged'))                AS loaded,
  count(*) FILTER (WHERE NOT superseded AND (defect IS NOT NULL OR outcome = 'dead'))          AS dead,
  count(*) FILTER (WHERE NOT superseded AND open)                                              AS open,
  count(*) FILTER (WHERE NOT superseded AND open AND defect IS NOT NULL)                       AS defective
FROM (SELECT f.superseded, f.defect,
             (SELECT c.outcome FROM run_contract c WHERE c.run_id = f.run_id AND c.contract_id = f.contract_id) AS outcome,
             EXISTS (SELECT FROM dead_letter d
                     WHERE d.run_id = f.run_id AND d.line_number = f.line_number AND d.status = 'open') AS open
      FROM feed_row f
      WHERE f.run_id = :#${variable.run.id}) feed
