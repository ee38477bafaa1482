-- The next contracts of the run that have no outcome yet, those of a customer close together, so that the usage of few
-- customers need be remembered. The body is the contract to go on after.
SELECT f.line_number, f.contract_id, f.customer_id, f.netsuite::text AS netsuite
FROM feed_row f
WHERE f.run_id = :#${variable.run.id}
  AND (f.customer_id, f.line_number) > (:#${body.customerId}, :#${body.lineNumber})
  AND NOT f.superseded
  AND f.defect IS NULL
  -- Looked up row by row: the ledger grows while the planner does not look.
  AND (SELECT c.outcome FROM run_contract c WHERE c.run_id = f.run_id AND c.contract_id = f.contract_id) IS NULL
ORDER BY f.customer_id, f.line_number
LIMIT :#${variable.pageSize}
