-- Adds what this process asked one API for to what earlier starts of the run had asked.
INSERT INTO run_api AS present (run_id, api, calls, mean_latency_ms)
VALUES (:#${variable.run.id}, :#${body.api}, :#${body.count}, :#${body.meanLatencyMillis})
ON CONFLICT (run_id, api) DO UPDATE
SET calls = present.calls + excluded.calls,
    mean_latency_ms = round((present.calls * present.mean_latency_ms + excluded.calls * excluded.mean_latency_ms)
                            / greatest(present.calls + excluded.calls, 1), 1)
