-- Adds what this process asked one API for to what earlier starts of the run had asked.
INSERT INTO run_api AS present (run_id, api, calls, records, mean_latency_ms, refused,
                                concurrency, concurrency_borne, requests_per_second, requests_per_second_borne)
VALUES (:#${variable.run.id}, :#${body.api}, :#${body.count}, :#${body.records}, :#${body.meanLatencyMillis}, :#${body.refused},
        :#${body.concurrency}, :#${body.concurrencyBorne}::integer, :#${body.requestsPerSecond}, :#${body.requestsPerSecondBorne}::numeric)
ON CONFLICT (run_id, api) DO UPDATE
SET calls = present.calls + excluded.calls,
    records = coalesce(present.records, 0) + excluded.records,
    mean_latency_ms = round((present.calls * present.mean_latency_ms + excluded.calls * excluded.mean_latency_ms)
                            / greatest(present.calls + excluded.calls, 1), 1),
    refused = present.refused + excluded.refused,
    concurrency = excluded.concurrency,
    concurrency_borne = coalesce(excluded.concurrency_borne, present.concurrency_borne),
    requests_per_second = excluded.requests_per_second,
    requests_per_second_borne = coalesce(excluded.requests_per_second_borne, present.requests_per_second_borne)
