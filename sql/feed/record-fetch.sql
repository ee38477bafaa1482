-- Remembers that a feed was fetched, so that the next start can tell whether a night was missed.
INSERT INTO fetched_feed (feed, rows, started_at)
VALUES (:#${variable.run.name}, :#${variable.run.rows}, :#${variable.run.startedAt}::timestamptz)
