"""The classic asyncio rewrite of the nightly job, as the benchmark's yardstick.

One semaphore of 50 around both calls of a contract, one gather over all contracts, then one COPY into a temporary table and one
upsert. Nothing is retried, nothing is paced. Arguments: feed.csv, the address of both APIs, a PostgreSQL DSN.
Prints one line of JSON: contracts, loaded, failed, wall and CPU seconds, most MiB.
"""

import asyncio
import csv
import json
import resource
import sys
import time
from datetime import date
from decimal import Decimal

import aiohttp
import asyncpg

CONCURRENCY = 50
USAGE = "/api/v1/meters/api_calls/query?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z&windowSize=MONTH&filterCustomerId="
RECORD = "/services/rest/record/v1/customrecord_contracts/"
HEADERS = {"Authorization": "Bearer benchmark", "Accept": "application/json"}
COLUMNS = ["contract_id", "customer_id", "contract_name", "status", "start_date", "end_date", "total_value", "currency",
           "usage_period", "usage_value", "source", "run_id"]


async def get(session, url):
    async with session.get(url, headers=HEADERS) as response:
        response.raise_for_status()
        return json.loads(await response.text(), parse_float=Decimal)


async def enrich(session, semaphore, base, contract):
    async with semaphore:
        record = await get(session, base + RECORD + contract["contract_id"])
        usage = await get(session, base + USAGE + contract["customer_id"])
    return (contract["contract_id"], contract["customer_id"], record["name"],
            record["custrecord_contract_status"]["refName"],
            date.fromisoformat(record["custrecord_contracts_start_date"]),
            date.fromisoformat(record["custrecord_contracts_end_date"]),
            record["custrecord_swe_contract_value_olr"], record["currency"]["refName"], "2026-10",
            sum((bucket["value"] for bucket in usage["data"]), Decimal(0)),
            json.dumps({"netsuite": record, "usage": usage}, default=float), 0)


async def load(dsn, rows):
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        await connection.execute("CREATE TEMPORARY TABLE staged (LIKE contract_enriched INCLUDING DEFAULTS) ON COMMIT DROP")
        await connection.copy_records_to_table("staged", records=rows, columns=COLUMNS)
        updates = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS[1:])
        await connection.execute("INSERT INTO contract_enriched SELECT * FROM staged "
                                 f"ON CONFLICT (contract_id) DO UPDATE SET {updates}, enriched_at = now()")
    await connection.close()


async def main(feed, base, dsn):
    start = time.monotonic()
    with open(feed, newline="") as file:
        contracts = list(csv.DictReader(file))
    semaphore = asyncio.Semaphore(CONCURRENCY)
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(connector=connector) as session:
        results = await asyncio.gather(*(enrich(session, semaphore, base, contract) for contract in contracts),
                                       return_exceptions=True)
    rows = [result for result in results if not isinstance(result, BaseException)]
    await load(dsn, rows)
    print(json.dumps({"contracts": len(contracts), "loaded": len(rows), "failed": len(contracts) - len(rows),
                      "wall": time.monotonic() - start, "cpu": time.process_time(),
                      "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


asyncio.run(main(*sys.argv[1:]))
