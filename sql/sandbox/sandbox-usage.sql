-- The usage of some of the sandbox's customers in a month, as a meter reports it, or the first of them that it does not know. The
-- body is a JSON array of ids, or one id.
WITH asked AS (
  SELECT CASE jsonb_typeof(body) WHEN 'array' THEN body ELSE jsonb_build_array(body) END AS ids
  FROM (SELECT :#${body}::jsonb AS body) b
), customer AS (
  SELECT id, number FROM asked, jsonb_array_elements_text(ids) WITH ORDINALITY AS c (id, number)
)
SELECT
  CASE
    WHEN (SELECT count(*) FROM customer) > 100 THEN 'at most 100 customers'
    ELSE (SELECT 'customer ' || id || ' not found'
          FROM customer
          WHERE id !~ '^([789][0-9]{3}|10[0-9]{3})$' OR id LIKE '%666'
          ORDER BY number
          LIMIT 1)
  END AS fault,
  json_build_object('from', :#${variable.from}::text, 'to', :#${variable.to}::text, 'windowSize', 'MONTH', 'data',
    -- Some have no usage.
    (SELECT coalesce(json_agg(json_build_object(
       'value', (id || '.5')::numeric, 'windowStart', :#${variable.from}::text, 'windowEnd', :#${variable.to}::text,
       'subject', NULL, 'customerId', id, 'groupBy', '{}'::json) ORDER BY number), '[]')
     FROM customer WHERE id ~ '^[0-9]+$' AND id NOT LIKE '%13'))::text AS report
