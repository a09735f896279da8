"""`python -m simulator`: one server on loopback for all vendors, told what it needs by BATON_* variables."""

import asyncio
import sys

import uvicorn
from pydantic import ValidationError

from simulator.app import build
from simulator.door import protocol_for
from simulator.settings import SimSettings


async def _serve(settings: SimSettings) -> None:
    door = build(settings)
    config = uvicorn.Config(
        door,
        host=settings.sim_host,
        port=settings.sim_port,
        http=protocol_for(door.transports),
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    await uvicorn.Server(config).serve()


def main() -> int:
    try:
        settings = SimSettings()
    except ValidationError as error:
        wanted = ", ".join(f"BATON_{'.'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())
        sys.stderr.write(f"The simulator can't start. Set its environment: {wanted}.\n")
        return 2
    asyncio.run(_serve(settings))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
