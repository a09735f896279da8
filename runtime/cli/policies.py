"""`baton policy`: the commands on policies, each in its own module."""

from typing import ClassVar

import typer

from runtime.cli.lazily import Group


class _Policies(Group):
    places: ClassVar = {
        "explain": "policy:explain",
        "check": "language:check",
        "preview": "proofs:preview",
        "schema": "language:schema",
        "facts": "language:facts",
        "publish": "publishing:publish",
        "show": "publishing:show",
        "diff": "publishing:diff",
        "rollback": "publishing:rollback",
        "migrate": "migrating:migrate",
        "replay": "replay:replay",
        "simulate": "simulate:simulate",
        "list": "publishing:list_policies",
    }


app = typer.Typer(
    cls=_Policies,
    help="Try a policy file out without a server; publish it to a running one.",
    no_args_is_help=True,
)
