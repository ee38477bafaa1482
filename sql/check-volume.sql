-- Why the feed is more likely broken than right: it is so much smaller than the last runs of its series. No row where nothing speaks
-- against it, which needs three complete runs at least. The last part of a list has what is left, so the size of a part says nothing.
WITH this AS (
  SELECT series, (SELECT count(*) FROM feed_row WHERE feed_row.run_id = run.run_id) AS rows
  FROM run
  WHERE run_id = :#${variable.run.id}
), earlier AS (
  SELECT run.rows
  FROM run JOIN this USING (series)
  WHERE run.run_id < :#${variable.run.id} AND run.status = 'complete'
  ORDER BY run.run_id DESC
  LIMIT 7
), usual AS (
  SELECT count(*) AS runs, percentile_cont(0.5) WITHIN GROUP (ORDER BY rows) AS rows FROM earlier
)
SELECT format('the feed has %s rows, %s %% fewer than the median of its last %s runs, %s; where that is right, `run --force` runs it',
              to_char(this.rows, 'FM999,999,990'), round(100 - 100 * this.rows / usual.rows), usual.runs,
              to_char(usual.rows, 'FM999,999,990'))
FROM this, usual
WHERE usual.runs >= 3
  AND NOT is_part(this.series)
  AND this.rows <= usual.rows * (1 - :#${properties:feed.max-shrink-percent}::numeric / 100)
