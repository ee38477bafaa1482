-- Puts rows of the feed on the work list. The body is a JSON array of them; in it a row of the feed is JSON in a string, since
-- PostgreSQL does not take apart an array that says \u0000 anywhere.
INSERT INTO feed_row (run_id, line_number, contract_id, customer_id, row, defect)
SELECT :#${variable.run.id}, line_number, contract_id, customer_id, row::json, defect
FROM json_to_recordset(:#${body}::json)
  AS r (line_number bigint, contract_id text, customer_id text, row text, defect text)
-- A piece whose answer was lost with the connection comes a second time.
ON CONFLICT (run_id, line_number) DO NOTHING
