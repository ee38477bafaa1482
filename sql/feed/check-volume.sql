-- Why the feed is more likely broken than right: it is so much smaller than the last runs of its series. No row where nothing speaks
-- against it, which needs three complete runs at least. The last part of a list has what is left, so its size says nothing. A feed is a
-- part where its name says so, or where all speaks for a list that is cut after so many rows: in the last 24 hours, a feed came under
-- each number below its own, from 0 or 1 on, at least two, all of one size that no feed of the list exceeds, and some earlier one is below.
WITH this AS (
  SELECT run.run_id, series, started_at, list, number,
    (SELECT count(*) FROM feed_row WHERE feed_row.run_id = run.run_id) AS rows
  FROM run, part_of(series)
  WHERE run.run_id = :#${variable.run.id}
), earlier AS (
  SELECT run.rows
  FROM run JOIN this USING (series)
  WHERE run.run_id < this.run_id AND run.status = 'complete'
  ORDER BY run.run_id DESC
  LIMIT 7
), usual AS (
  SELECT count(*) AS runs, percentile_cont(0.5) WITHIN GROUP (ORDER BY rows) AS rows FROM earlier
), of_list AS (
  SELECT run.run_id, part.number, run.rows, run.started_at > this.started_at - interval '1 day' AS same_night
  FROM this, run, part_of(run.series) AS part
  WHERE run.run_id < this.run_id AND run.rows IS NOT NULL AND part.list = this.list
), before AS (
  SELECT DISTINCT ON (of_list.number) of_list.number, of_list.rows
  FROM of_list, this
  WHERE same_night AND of_list.number < this.number
  ORDER BY of_list.number, of_list.run_id DESC
), cut AS (
  SELECT count(*) AS parts, min(number) AS first, min(rows) AS smallest, max(rows) AS rows FROM before
)
SELECT format('the feed has %s rows, %s %% fewer than the median of its last %s runs, %s; where that is right, `run --force` runs it',
              to_char(this.rows, 'FM999,999,990'), round(100 - 100 * this.rows / usual.rows), usual.runs,
              to_char(usual.rows, 'FM999,999,990'))
FROM this, usual, cut
WHERE usual.runs >= 3
  AND NOT is_part(this.series)
  AND (cut.parts >= 2 AND cut.first IN (0, 1) AND cut.parts = this.number - cut.first AND cut.smallest = cut.rows
       AND (SELECT max(rows) <= cut.rows AND min(rows) < cut.rows FROM of_list)) IS NOT TRUE
  AND this.rows <= usual.rows * (1 - :#${properties:feed.max-shrink-percent}::numeric / 100)
