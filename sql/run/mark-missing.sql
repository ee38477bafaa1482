-- Marks the contracts as removed that the feed of a run no longer lists, where nothing speaks against it: a contract that another series
-- lists is left alone, and all are where there are too many, or where a row without an id may be any of them. Parameters: the run, and
-- what speaks against it, which is '' where a person has decided; null is nothing. Answers how many are missing and how many are marked.
WITH this AS (
  SELECT run_id, series FROM run WHERE run_id = :#${variable.marking}::bigint
), present AS (
  SELECT contract_id, missing_since
  FROM this JOIN listed_contract l USING (series) JOIN contract_enriched e USING (contract_id)
  WHERE e.removed_at IS NULL
), missing AS (
  SELECT contract_id
  FROM present, this
  WHERE missing_since IS NOT NULL
    AND NOT EXISTS (SELECT FROM listed_contract other
                    WHERE other.contract_id = present.contract_id AND other.series <> this.series AND other.missing_since IS NULL)
), total AS (
  SELECT (SELECT count(*) FROM missing) AS missing, (SELECT count(*) FROM present) AS present
), decision AS (
  SELECT missing, CASE
    WHEN missing = 0 THEN NULL
    WHEN :#${variable.objection}::text IS NOT NULL THEN nullif(:#${variable.objection}::text, '')
    WHEN missing > present * :#${properties:feed.max-missing-percent}::numeric / 100
      THEN format('they are %s %% of the series, more than feed.max-missing-percent=%s', round(100.0 * missing / present, 1),
                  :#${properties:feed.max-missing-percent}::text)
    END AS objection
  FROM total
), marked AS (
  UPDATE contract_enriched e
  SET removed_at = now(), removed_by = this.run_id
  FROM this, missing, decision
  WHERE e.contract_id = missing.contract_id AND decision.objection IS NULL
  RETURNING 1
)
UPDATE run
SET missing = CASE WHEN decision.objection IS NULL THEN 0 ELSE decision.missing END,
    removed = coalesce(run.removed, 0) + (SELECT count(*) FROM marked),
    not_removed_because = decision.objection
FROM this, decision
WHERE run.run_id = this.run_id
RETURNING run.missing, (SELECT count(*) FROM marked) AS removed, not_removed_because
