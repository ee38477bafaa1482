-- How many runs the warehouse has seen.
SELECT count(*) FROM run
