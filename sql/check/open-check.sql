-- Lets a contract be loaded for the sake of a look at it, in a transaction that is rolled back. The number is no other run's.
INSERT INTO run (run_id, feed, feed_sha256, usage_period, status)
OVERRIDING SYSTEM VALUE
VALUES (:#${variable.run.id}, 'check', 'check', :#${variable.run.usagePeriod}, 'running')
