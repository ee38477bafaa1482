-- Writes a batch of enriched contracts and its part of the ledger, both or neither. An open dead letter of a contract that is
-- loaded has been replayed, whether by a replay or because the contract came again in a later feed. The usage of a month
-- never replaces that of a later one, nor settles its letters; the ledger says which contracts were left for that.
-- The body is a JSON array; each element has line_number, contract_id, customer_id and the answer of each API under its name.
-- NetSuite's has all fields of the record, or, where many contracts were asked for in one call, those that sql/netsuite-lookup.sql
-- selects, under the same names. Which field of an answer feeds which column is said here, in "enriched", and nowhere else.
-- iso_date and finite_number refuse what a cast would take for a date or a number, such as "today", "NaN" or 01/02/2026.
-- docs/editing-routes.md shows how to add a column, and an API.
WITH batch AS (
  SELECT b.*, element - '{line_number,contract_id,customer_id}'::text[] AS source
  FROM jsonb_array_elements(:#${body}::jsonb) AS element,
    jsonb_to_record(element) AS b (contract_id text, customer_id text, netsuite jsonb, usage jsonb)
), enriched AS (
  SELECT
    contract_id,
    customer_id,
    netsuite ->> 'name'                                                    AS contract_name,
    netsuite -> 'custrecord_contract_status' ->> 'refName'                 AS status,
    iso_date(netsuite ->> 'custrecord_contracts_start_date')               AS start_date,
    iso_date(netsuite ->> 'custrecord_contracts_end_date')                 AS end_date,
    finite_number(netsuite ->> 'custrecord_swe_contract_value_olr')        AS total_value,
    netsuite -> 'currency' ->> 'refName'                                   AS currency,
    :#${variable.run.usagePeriod}::text                                    AS usage_period,
    (SELECT coalesce(sum(finite_number(bucket ->> 'value')), 0)
     FROM jsonb_array_elements(usage -> 'data') AS bucket)                 AS usage_value,
    source
  FROM batch
), written AS (
  INSERT INTO contract_enriched AS present
    (contract_id, customer_id, contract_name, status, start_date, end_date, total_value, currency,
     usage_period, usage_value, source, run_id)
  SELECT
     contract_id, customer_id, contract_name, status, start_date, end_date, total_value, currency,
     usage_period, usage_value, source, :#${variable.run.id}
  FROM enriched
  ON CONFLICT (contract_id) DO UPDATE SET
     run_id        = excluded.run_id,
     enriched_at   = now(),
     customer_id   = excluded.customer_id,
     contract_name = excluded.contract_name,
     status        = excluded.status,
     start_date    = excluded.start_date,
     end_date      = excluded.end_date,
     total_value   = excluded.total_value,
     currency      = excluded.currency,
     usage_period  = excluded.usage_period,
     usage_value   = excluded.usage_value,
     source        = excluded.source,
     -- A feed lists the contract again; a replay is no feed.
     removed_at    = CASE WHEN (SELECT feed_sha256 = 'dead letters' FROM run WHERE run_id = :#${variable.run.id}) THEN present.removed_at END,
     removed_by    = CASE WHEN (SELECT feed_sha256 = 'dead letters' FROM run WHERE run_id = :#${variable.run.id}) THEN present.removed_by END
  WHERE present.usage_period <= excluded.usage_period
    -- A row is written again where one of these differs.
    AND (present.customer_id    IS DISTINCT FROM excluded.customer_id
      OR present.contract_name  IS DISTINCT FROM excluded.contract_name
      OR present.status         IS DISTINCT FROM excluded.status
      OR present.start_date     IS DISTINCT FROM excluded.start_date
      OR present.end_date       IS DISTINCT FROM excluded.end_date
      OR present.total_value    IS DISTINCT FROM excluded.total_value
      OR present.currency       IS DISTINCT FROM excluded.currency
      OR present.usage_period   IS DISTINCT FROM excluded.usage_period
      OR present.usage_value    IS DISTINCT FROM excluded.usage_value
      OR present.removed_at     IS NOT NULL
      -- NetSuite's record has more fields than a query selects: that a contract was asked for in the other way is no change.
      OR present.source         IS DISTINCT FROM excluded.source
        AND jsonb_exists(present.source -> 'netsuite', 'links') = jsonb_exists(excluded.source -> 'netsuite', 'links'))
  RETURNING contract_id
), ledger AS (
  INSERT INTO run_contract (run_id, contract_id, outcome, later_period)
  SELECT :#${variable.run.id}, contract_id, CASE WHEN w.contract_id IS NULL THEN 'unchanged' ELSE 'loaded' END,
    CASE WHEN p.usage_period > :#${variable.run.usagePeriod}::text THEN p.usage_period END
  FROM batch LEFT JOIN written w USING (contract_id) LEFT JOIN contract_enriched p USING (contract_id)
  ON CONFLICT (run_id, contract_id) DO NOTHING
  RETURNING contract_id, outcome
), replayed AS (
  UPDATE dead_letter d
  SET status = 'replayed', resolved_at = now()
  FROM batch, run r
  WHERE d.contract_id = batch.contract_id AND d.status = 'open'
    AND r.run_id = d.run_id AND r.usage_period <= :#${variable.run.usagePeriod}::text
)
SELECT count(*) FILTER (WHERE outcome = 'loaded') AS loaded, count(*) FILTER (WHERE outcome = 'unchanged') AS unchanged,
  coalesce(jsonb_agg(contract_id) FILTER (WHERE outcome = 'unchanged'), '[]')::text AS unchanged_contracts
FROM ledger
