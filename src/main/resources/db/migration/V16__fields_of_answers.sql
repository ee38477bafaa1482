-- What the answers of a run have in the fields that sql/load-batch.sql reads: a field that is suddenly absent makes NULLs that are noticed late.
CREATE TABLE run_field (
  run_id  bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  field   text NOT NULL,
  type    text NOT NULL,
  answers bigint NOT NULL,
  sampled bigint NOT NULL,
  PRIMARY KEY (run_id, field, type)
);
COMMENT ON COLUMN run_field.field IS 'the API and the path of the field, such as netsuite.currency.refName';
COMMENT ON COLUMN run_field.type IS 'object, array, number, string, boolean; value for a text that may be a number; absent for none, or null';
COMMENT ON COLUMN run_field.answers IS 'of the answers that were looked at, those that have that type there';
COMMENT ON COLUMN run_field.sampled IS 'answers that were looked at';

-- A field that more than half of the answers had in one type in the last complete run of the series, and less than half have now. Of fewer than
-- 30 answers, nothing is said.
CREATE VIEW run_drift AS
SELECT this.run_id, was.field, was.type AS was,
  (SELECT type FROM run_field n WHERE n.run_id = this.run_id AND n.field = was.field ORDER BY answers DESC, type LIMIT 1) AS now_mostly,
  round(100 - 100 * now_so.answers / now_so.sampled) AS percent
FROM run this
CROSS JOIN LATERAL (
  SELECT max(b.run_id) AS run_id
  FROM run b
  WHERE b.series = this.series AND b.run_id < this.run_id AND b.status = 'complete' AND EXISTS (SELECT FROM run_field f WHERE f.run_id = b.run_id)
) before
JOIN run_field was ON was.run_id = before.run_id AND was.type <> 'absent' AND was.answers > was.sampled / 2.0 AND was.sampled >= 30
CROSS JOIN LATERAL (
  SELECT max(n.sampled) AS sampled,
    coalesce(sum(n.answers) FILTER (WHERE n.type = was.type
      OR n.type IN ('value', 'number', 'string') AND was.type IN ('value', 'number', 'string') AND 'value' IN (n.type, was.type)), 0) AS answers
  FROM run_field n
  WHERE n.run_id = this.run_id AND n.field = was.field
) now_so
WHERE now_so.sampled >= 30 AND now_so.answers < now_so.sampled / 2.0;
