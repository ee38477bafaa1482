-- What a person reads in the morning, from the same rows that a program would read.
WITH this AS (
  SELECT * FROM run WHERE run_id = :#${variable.run.id}
), line AS (
  SELECT 10 AS n, format('run %s of %s: %s', run_id, feed, upper(status)) || coalesce(', ' || reason, '') AS text FROM this
  UNION ALL
  SELECT 20, format('  %-10s %10s', word, to_char(value, 'FM999,999,999'))
  FROM this, LATERAL (VALUES ('rows', rows), ('loaded', loaded), ('unchanged', unchanged), ('dead', dead),
                             ('duplicate', duplicate), ('pending', pending)) AS v (word, value)
  UNION ALL
  SELECT 30, format('  %-10s %10s', 'seconds', to_char(seconds, 'FM999,999,990.0')) FROM this
  UNION ALL
  SELECT 40, format('  %-10s %10s calls, %s ms on average', api, to_char(calls, 'FM999,999,999'), round(mean_latency_ms))
  FROM run_api WHERE run_id = :#${variable.run.id}
  UNION ALL
  SELECT 50, format('  dead at %-8s %4s  %s', stage, count(*), reason)
  FROM dead_letter
  WHERE run_id = :#${variable.run.id}
     OR status = 'open'
        AND dead_letter_id IN (SELECT dead_letter_id FROM feed_row WHERE feed_row.run_id = :#${variable.run.id})
  GROUP BY stage, reason
)
SELECT string_agg(text, E'\n' ORDER BY n) FROM line
