-- Whether the missing contracts of a run can be marked as removed, and why not. Parameter: a run. No row where there is no such run.
SELECT run_id, missing,
  CASE
    WHEN missing IS NULL THEN format('run %s does not say which contracts are missing: only the complete run of a full feed does, where'
                                     ' feed.missing-contracts=mark; see feed.full', run_id)
    WHEN later IS NOT NULL THEN format('run %s has listed the contracts after run %s: mark those that are missing from it', later, run_id)
  END AS fault
FROM run, LATERAL (SELECT max(run_id) AS later FROM run l WHERE l.series = run.series AND l.run_id > run.run_id AND l.missing IS NOT NULL) l
WHERE run_id = :#${variable.marking}::bigint
