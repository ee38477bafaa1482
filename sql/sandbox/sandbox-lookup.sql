-- The rows of the sandbox's contracts that a query asks for by their ids, as NetSuite would write them, or what is wrong with the
-- query. Each value is a text, what is null is left out, a date is in the format of the user unless the query formats it.
WITH asked AS (
  SELECT :#${body[q]}::text AS q
), selected AS (
  SELECT upper(m[1]) AS function, lower(m[2]) AS field, lower(m[4]) AS name
  FROM asked,
    regexp_matches(q, '(BUILTIN\.DF\(|TO_CHAR\(|)\w+\.(\w+)(\s*,\s*''[^'']*''|)\)*\s+AS\s+(\w+)', 'gi') AS m
), wanted AS (
  SELECT DISTINCT id
  FROM asked, regexp_split_to_table(substring(q FROM '\sIN\s*\(([0-9,\s]+)\)'), '\s*,\s*') AS id
), field (field, value, display, formatted) AS (
  VALUES
    ('id', '%s', NULL, NULL),
    ('name', 'CON-%s', NULL, NULL),
    ('externalid', NULL, NULL, NULL),
    ('isinactive', 'F', NULL, NULL),
    ('custrecord_contracts_bill_to_customer', '%c', 'Customer %c', NULL),
    ('custrecord_contract_status', '2', 'Active', NULL),
    ('custrecord_contracts_start_date', '1/1/2026', NULL, '2026-01-01'),
    ('custrecord_contracts_end_date', '12/31/2026', NULL, '2026-12-31'),
    ('custrecord_swe_contract_value_olr', '%s.5', NULL, NULL),
    ('currency', '1', 'USD', NULL)
), column_value AS (
  SELECT name,
    CASE function WHEN 'BUILTIN.DF(' THEN coalesce(display, value) WHEN 'TO_CHAR(' THEN formatted ELSE value END AS value
  FROM selected JOIN field USING (field)
), answer AS (
  SELECT id, '{"links": []}'::jsonb || jsonb_object_agg(
    name, replace(replace(value, '%s', id), '%c', (7000 + (id::int - 10000) % 4000)::text)) AS item
  FROM wanted, column_value
  WHERE value IS NOT NULL AND id ~ '^1[0-9]{4}$' AND id NOT LIKE '%404'
  GROUP BY id
), unknown AS (
  SELECT min(field) AS field FROM selected WHERE field NOT IN (SELECT field FROM field)
)
SELECT
  CASE
    WHEN (SELECT count(*) FROM wanted) > 1000 THEN 'Invalid search query. A list has at most 1000 values.'
    WHEN unknown.field IS NOT NULL THEN 'Invalid search query. Field ' || unknown.field || ' was not found.'
  END AS fault,
  json_build_object('links', '[]'::json, 'count', (SELECT count(*) FROM answer), 'hasMore', false, 'offset', 0,
    'totalResults', (SELECT count(*) FROM answer),
    'items', (SELECT coalesce(json_agg(item ORDER BY id), '[]') FROM answer))::text AS page
FROM unknown
