-- The last twenty runs with their numbers, the last one first, as JSON; and for what reasons the contracts of a replay are dead again.
SELECT coalesce(jsonb_agg(r ORDER BY run_id DESC), '[]')::text
FROM (SELECT run_id, feed, usage_period, status, rows, loaded, unchanged, outdated, dead, duplicate, pending, removed, missing, not_removed_because, reason,
             (SELECT string_agg(d.field, ', ' ORDER BY d.field) FROM run_drift d WHERE d.run_id = run.run_id) AS drift, superseded_by,
             round(seconds, 1) AS seconds, started_at, finished_at, feed_sha256 = 'dead letters' AS replay,
             CASE WHEN feed_sha256 = 'dead letters' AND dead > 0 THEN
               (SELECT jsonb_agg(again ORDER BY dead_letters DESC)
                FROM (SELECT d.stage, d.reason, count(DISTINCT c.contract_id) AS dead_letters
                      -- The rows of a complete run are not kept, but its ledger is.
                      FROM run_contract c JOIN dead_letter d USING (contract_id) JOIN run o ON o.run_id = d.run_id
                      WHERE c.run_id = run.run_id AND c.outcome = 'dead' AND d.status = 'open' AND d.stage <> 'feed'
                        AND o.usage_period = run.usage_period
                      GROUP BY d.stage, d.reason
                      ORDER BY dead_letters DESC
                      LIMIT 5) again)
             END AS dead_again
      FROM run
      ORDER BY run_id DESC
      LIMIT 20) r
