-- What a person reads in the morning, from the same rows that a program would read. Parameter: a run, or nothing for the last one.
WITH this AS (
  SELECT *
  FROM run
  WHERE run_id = coalesce(:#${variable.reported}::bigint, (SELECT max(run_id) FROM run))
), earlier AS (
  SELECT run.rows, run.dead, run.seconds
  FROM run JOIN this USING (series)
  WHERE run.run_id < this.run_id AND run.status = 'complete' AND run.feed_sha256 <> 'dead letters'
  ORDER BY run.run_id DESC
  LIMIT 7
), usual AS (
  SELECT count(*) AS runs,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY rows)::numeric    AS rows,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY dead)::numeric    AS dead,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::numeric AS seconds
  FROM earlier
), line AS (
  SELECT 10 AS n, format('run %s of %s: %s', run_id, feed, upper(status)) || coalesce(', ' || reason, '') ||
              CASE WHEN status IN ('running', 'incomplete') THEN coalesce('; superseded by run ' || superseded_by, '') ELSE '' END AS text
  FROM this
  UNION ALL
  SELECT 20, format('  %-10s %10s', word, to_char(value, 'FM999,999,999'))
  FROM this, LATERAL (VALUES ('rows', rows), ('loaded', loaded), ('unchanged', unchanged), ('dead', dead),
                             ('duplicate', duplicate), ('pending', pending)) AS v (word, value)
  UNION ALL
  SELECT 21, format('  %-10s %10s', 'removed', to_char(removed, 'FM999,999,999')) FROM this WHERE removed IS NOT NULL
  UNION ALL
  SELECT 22, format('  %s contracts of the table are missing from the feed and not marked as removed, since %s; `contractflow mark-missing %s`'
                    ' marks them', to_char(missing, 'FM999,999,999'), not_removed_because, run_id)
  FROM this
  WHERE not_removed_because IS NOT NULL
  UNION ALL
  SELECT 25, format('  %s of the unchanged were left as they are: the table has usage of a later month than %s',
                    to_char(outdated, 'FM999,999,999'), usage_period)
  FROM this
  WHERE outdated > 0
  UNION ALL
  SELECT 30, format('  %-10s %10s', 'seconds', to_char(seconds, 'FM999,999,990.0')) FROM this
  UNION ALL
  SELECT 40, format('  %-10s %10s calls%s, %s ms on average', api, to_char(calls, 'FM999,999,999'),
                    CASE WHEN records > calls THEN format(' for %s %s', to_char(records, 'FM999,999,999,999'),
                                                          CASE api WHEN 'usage' THEN 'customers' ELSE 'contracts' END) END,
                    round(mean_latency_ms))
             || CASE WHEN refused > 0 THEN format(', %s refused (%s %%)', to_char(refused, 'FM999,999,999'),
                                                  to_char(100.0 * refused / calls, 'FM990.0')) ELSE '' END
  FROM run_api JOIN this USING (run_id)
  UNION ALL
  SELECT 45, '  ' || advice FROM run_advice JOIN this USING (run_id)
  UNION ALL
  SELECT 46, format('  %s is no longer %s in %s %% of the answers, but %s: see where sql/load-batch.sql reads it', field, was, percent,
                    now_mostly)
  FROM run_drift JOIN this USING (run_id)
  UNION ALL
  SELECT 47, format('  warning: %s, for %s contracts', rule, to_char(count(*), 'FM999,999,999'))
  FROM contract_warning JOIN this USING (run_id)
  GROUP BY rule
  UNION ALL
  SELECT 50, format('  dead at %-8s %4s  %s', stage, count(*), dead_letter.reason)
  FROM dead_letter, this
  WHERE dead_letter.run_id = this.run_id
     OR dead_letter_id IN (SELECT f.dead_letter_id
                           FROM feed_row f JOIN run_contract c USING (run_id, contract_id)
                           WHERE f.run_id = this.run_id AND c.outcome = 'dead')
  GROUP BY stage, dead_letter.reason
  UNION ALL
  SELECT 60, format('  usually, by the median of the last %s: %s rows (%s %% now), %s dead, %s seconds', runs,
                    to_char(usual.rows, 'FM999,999,990'),
                    to_char(100 * this.rows / nullif(usual.rows, 0) - 100, 'SGFM999,990'),
                    to_char(usual.dead, 'FM999,999,990'), to_char(usual.seconds, 'FM999,999,990.0'))
  FROM this, usual
  WHERE runs > 0 AND this.rows IS NOT NULL
)
SELECT string_agg(text, E'\n' ORDER BY n) FROM line
