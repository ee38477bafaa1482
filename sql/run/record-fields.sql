-- Notes what the answers of a complete run have in each field that sql/load-batch.sql reads, by a sample of them. Parameter: the text of that
-- file, in which a field is api -> 'field' ->> 'part', or api ->> 'field'.
WITH path AS (
  SELECT DISTINCT array_remove(ARRAY[found[1], found[2], found[4]], NULL) AS keys
  FROM regexp_matches(:#${body}::text, $$(\w+)\s*->>{0,1}\s*'(\w+)'(\s*->>{0,1}\s*'(\w+)'){0,1}$$, 'g') AS found
), answer AS MATERIALIZED (
  SELECT e.source
  FROM (SELECT contract_id
        FROM run_contract JOIN run USING (run_id)
        WHERE run_id = :#${variable.run.id} AND status = 'complete' AND feed_sha256 <> 'dead letters'
          AND outcome IN ('loaded', 'unchanged') AND later_period IS NULL
        ORDER BY hashtext(contract_id)
        LIMIT 2000) AS sample
  JOIN contract_enriched e USING (contract_id)
), field AS (
  SELECT array_to_string(keys, '.') AS field,
    CASE
      WHEN coalesce(jsonb_typeof(jsonb_extract_path(source, VARIADIC keys)), 'null') = 'null' THEN 'absent'
      -- A query answers with texts where a record has numbers.
      WHEN jsonb_typeof(jsonb_extract_path(source, VARIADIC keys)) IN ('number', 'string') AND NOT jsonb_exists(source -> keys[1], 'links') THEN 'value'
      ELSE jsonb_typeof(jsonb_extract_path(source, VARIADIC keys))
    END AS type
  FROM path, answer
  WHERE jsonb_exists(source, keys[1])
)
INSERT INTO run_field (run_id, field, type, answers, sampled)
SELECT :#${variable.run.id}, field, type, count(*), sum(count(*)) OVER (PARTITION BY field)
FROM field
GROUP BY field, type
ON CONFLICT (run_id, field, type) DO NOTHING
