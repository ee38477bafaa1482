-- When a feed was last fetched or, where none ever was, when the warehouse has last seen a run; null where it has seen neither.
SELECT coalesce((SELECT max(started_at) FROM fetched_feed), (SELECT max(started_at) FROM run))
