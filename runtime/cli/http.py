"""How commands reach a running Baton: BATON_API_URL and BATON_API_KEY, else the embedded stack of a data directory."""

import os
from pathlib import Path
from typing import Any

import httpx2
import typer

from runtime.embedded.addresses import read_status
from runtime.embedded.state import DataDirectory

LIMIT = 15.0


def client(data: Path) -> httpx2.Client:
    """An HTTP client with key and address set. Exits with a plain sentence when there is nothing to talk to."""
    url, key = os.environ.get("BATON_API_URL"), os.environ.get("BATON_API_KEY")
    if not (url and key):
        status = read_status(DataDirectory(data))
        url, key = status.urls.api, status.api_key
        if status.state == "down" or not url or not key:
            typer.echo(
                f"No Baton runs on {data}. Start one with `baton up --data {data}`, "
                "or set BATON_API_URL and BATON_API_KEY.",
                err=True,
            )
            raise typer.Exit(1)
    return httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=LIMIT)


def answer_of(response: httpx2.Response) -> Any:  # noqa: ANN401 - whatever JSON the API answers
    """The JSON answer. Exits with the API's own words when it refused."""
    if response.is_success:
        return response.json()
    try:
        problem = response.json()
    except ValueError:
        problem = {"detail": response.text[:200]}
    typer.echo(f"{response.status_code}: {problem.get('detail') or problem.get('title')}", err=True)
    for row in problem.get("errors", []):
        typer.echo(f"  {row.get('field')}: {row.get('message')}", err=True)
    raise typer.Exit(1)
