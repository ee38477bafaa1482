-- A page of the sandbox's contracts as NetSuite would list them, or what is wrong with the query. Parameters: the query, limit,
-- offset.
WITH asked AS (
  SELECT :#${body[q]}::text AS q, :#${variable.limit}::bigint AS row_limit, :#${variable.offset}::bigint AS row_offset
), matching AS (
  SELECT id::text
  -- As in the sample feed.
  FROM asked, generate_series(10000, 19999) AS id
  WHERE id > coalesce(substring(q FROM '\.id\s*>\s*(\d+)')::bigint, 0)
), page AS (
  SELECT id
  FROM matching
  ORDER BY id
  LIMIT (SELECT greatest(row_limit, 0) FROM asked)
  OFFSET (SELECT greatest(row_offset, 0) FROM asked)
), answer AS (
  SELECT
    (SELECT count(*) FROM matching) AS total,
    (SELECT count(*) FROM page) AS count,
    (SELECT coalesce(json_agg(json_build_object(
       'links', '[]'::json, 'contract_id', id, 'customer_id', customer, 'customer_name', 'Customer ' || customer)
       ORDER BY id), '[]')
     FROM page, LATERAL (SELECT (7000 + (id::int - 10000) % 4000)::text AS customer) c) AS items
)
SELECT
  CASE
    WHEN q IS NULL OR q !~* '^\s*SELECT\s' THEN 'Invalid search query. It must begin with SELECT.'
    WHEN row_limit NOT BETWEEN 1 AND 1000 THEN 'Invalid limit. It must be from 1 to 1000.'
    WHEN row_offset < 0 OR row_offset % row_limit <> 0 THEN 'Invalid offset. It must be divisible by the limit.'
    WHEN row_offset + row_limit > 100000 THEN 'Invalid offset. A query has at most 100000 rows.'
  END AS fault,
  json_build_object('links', '[]'::json, 'count', count, 'hasMore', row_offset + count < total, 'offset', row_offset,
                    'totalResults', total, 'items', items)::text AS page
FROM asked, answer
