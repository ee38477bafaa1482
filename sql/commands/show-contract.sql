-- What is known of one contract, as a text and as JSON: its row, when its usage was last read, what each of the last runs made of it,
-- its dead letters. No row where the warehouse has never seen it. Parameter: a contract id.
WITH asked AS (
  SELECT :#${variable.asked}::text AS contract_id
), recent AS (
  -- Older runs have no ledger any more.
  SELECT run_id, feed, series, usage_period, status, started_at, finished_at, rows, feed_sha256 = 'dead letters' AS replay
  FROM run
  WHERE finished_at IS NULL OR finished_at >= now() - make_interval(days => :#${properties:run.history-days}::integer)
  ORDER BY run_id DESC
  LIMIT 500
), known AS (
  SELECT r.*, c.outcome AS ledger,
         EXISTS (SELECT FROM feed_row f WHERE f.run_id = r.run_id AND f.contract_id = asked.contract_id) AS waiting,
         d.dead_letter_id, d.stage, d.reason
  FROM recent r CROSS JOIN asked
    LEFT JOIN run_contract c ON c.run_id = r.run_id AND c.contract_id = asked.contract_id
    LEFT JOIN LATERAL (SELECT dead_letter_id, stage, reason
                       FROM dead_letter
                       WHERE run_id = r.run_id AND dead_letter.contract_id = asked.contract_id
                       LIMIT 1) d ON true
), outcome AS (
  SELECT run_id, feed, usage_period, status, started_at, finished_at, stage, reason,
         CASE
           WHEN ledger IS NOT NULL THEN ledger
           WHEN dead_letter_id IS NOT NULL THEN 'dead'
           WHEN waiting THEN 'pending'
           WHEN rows IS NULL THEN 'not known'
           ELSE 'not in the feed'
         END AS outcome
  FROM known
  WHERE ledger IS NOT NULL OR dead_letter_id IS NOT NULL OR waiting
     -- The other runs of a feed that has listed it.
     OR NOT replay AND series IN (SELECT series FROM known WHERE (ledger IS NOT NULL OR dead_letter_id IS NOT NULL) AND NOT replay)
  ORDER BY run_id DESC
  LIMIT 10
), usage_read AS (
  SELECT run_id, usage_period, coalesce(finished_at, started_at) AS read_at
  FROM known
  WHERE ledger IN ('loaded', 'unchanged')
  ORDER BY run_id DESC
  LIMIT 1
), letter AS (
  SELECT d.dead_letter_id, d.run_id, d.line_number, d.stage, d.reason, d.error, d.attempts, d.status, d.created_at, d.resolved_at, d.because,
         d.edited_by, d.edited_at, d.row, d.original_row
  FROM dead_letter d JOIN asked USING (contract_id)
  ORDER BY d.dead_letter_id DESC
  LIMIT 20
), present AS (
  SELECT c.*
  FROM contract_enriched c JOIN asked USING (contract_id)
), line AS (
  SELECT 100 AS n, format('contract %s', contract_id) || CASE WHEN EXISTS (SELECT FROM present) THEN '' ELSE ': no row in contract_enriched' END
         AS text
  FROM asked
  UNION ALL
  SELECT 200 + position, format('  %-16s %s', key, coalesce(value, '-'))
  FROM present, json_each_text(row_to_json(present)) WITH ORDINALITY AS e (key, value, position)
  WHERE key NOT IN ('contract_id', 'source')
  UNION ALL
  SELECT 1000, format('usage of %s last read by run %s, %s UTC', usage_period, run_id,
                      to_char(read_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'))
  FROM usage_read
  UNION ALL
  SELECT 2000, format('%-6s  %-20s  %-9s  %-18s  %s', 'run', 'started (UTC)', 'usage of', 'outcome', 'feed') WHERE EXISTS (SELECT FROM outcome)
  UNION ALL
  SELECT 2000 + row_number() OVER (ORDER BY run_id DESC),
         format('%-6s  %-20s  %-9s  %-18s  %s', run_id, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), usage_period,
                outcome || coalesce(' at ' || stage, ''), feed || coalesce(': ' || reason, ''))
  FROM outcome
  UNION ALL
  SELECT 3000 + 2 * row_number() OVER (ORDER BY dead_letter_id DESC),
         format('dead letter %s of run %s, %s', dead_letter_id, run_id, status)
         || coalesce(' ' || to_char(resolved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC', '')
         || coalesce(', because: ' || regexp_replace(because, '[[:cntrl:]]+', ' ', 'g'), '')
         || format(E'\n  at %s, %s, after %s', stage, reason, CASE attempts WHEN 1 THEN '1 attempt' ELSE attempts || ' attempts' END)
         || E'\n  ' || regexp_replace(error, '[[:cntrl:]]+', ' ', 'g')
         || coalesce(format(E'\n  edited by %s, %s UTC; the feed had %s', edited_by, to_char(edited_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
                            regexp_replace(original_row::text, '[[:cntrl:]]+', ' ', 'g')), '')
  FROM letter
)
SELECT
  (SELECT string_agg(CASE WHEN n < 3000 THEN regexp_replace(text, '[[:cntrl:]]+', ' ', 'g') ELSE text END, E'\n' ORDER BY n) FROM line) AS text,
  jsonb_build_object(
    'contract_id', asked.contract_id,
    'row', (SELECT to_jsonb(p) FROM present p),
    'usage_read', (SELECT to_jsonb(u) FROM usage_read u),
    'runs', (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY run_id DESC), '[]') FROM outcome o),
    'dead_letters', (SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY dead_letter_id DESC), '[]') FROM letter l))::text AS json
FROM asked
WHERE EXISTS (SELECT FROM present) OR EXISTS (SELECT FROM outcome) OR EXISTS (SELECT FROM letter)
