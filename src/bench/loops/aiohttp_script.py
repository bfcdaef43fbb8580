"""aiohttp_script.py LIST URL FOLDER IN_FLIGHT: the job as a short script with aiohttp does it."""
import asyncio
import json
import sys
from datetime import datetime

import aiohttp

source, url, folder, in_flight = sys.argv[1:5]


async def main():
    results, failed, log = (open(f"{folder}/{name}.txt", "w") for name in ("results", "failed", "log"))

    def say(message):
        log.write(f"{datetime.now():%Y/%m/%d %H:%M:%S} - {message}\n")

    async def work(session, customers):
        for customer in customers:
            say(f"Requesting details for customer {customer}")
            try:
                async with session.get(url.replace("{0}", customer)) as response:
                    response.raise_for_status()
                    details = json.loads(await response.read())["details"]
                for it in details:
                    results.write(f"{customer}, {it['id']}, {it['relevanceScore']}, {it['relevanceRank']}\n")
                say(f"Successfully retrieved {len(details)} details(s) for {customer}")
            except Exception as error:
                say(f"EXCEPTION GETTING {customer}! - {error}")
                failed.write(f"{customer}\n")

    with open(source) as lines:
        customers = iter([line.strip() for line in lines][1:])
    connector = aiohttp.TCPConnector(limit=int(in_flight))
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(work(session, customers) for _ in range(int(in_flight))))
    for file in (results, failed, log):
        file.close()


asyncio.run(main())
