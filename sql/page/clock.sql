-- The time of the warehouse, from which on a run that a call begins is looked for.
SELECT clock_timestamp()::text AS now
