-- How many rows of the run need no more work: they are defective, later rows replace them, or they were worked off before the
-- run was resumed.
SELECT
  count(*) FILTER (WHERE f.superseded OR f.defect IS NOT NULL OR c.outcome IS NOT NULL)                  AS accounted,
  count(*) FILTER (WHERE NOT f.superseded AND (f.defect IS NOT NULL OR c.outcome = 'dead'))              AS dead,
  count(*) FILTER (WHERE NOT f.superseded AND f.defect IS NOT NULL)                                      AS defective
FROM feed_row f
LEFT JOIN run_contract c ON c.run_id = f.run_id AND c.contract_id = f.contract_id
WHERE f.run_id = :#${variable.run.id}
