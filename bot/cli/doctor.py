"""``parley doctor``"""

import json

import typer

from bot.cli.options import Config, Json


def doctor(*, config: Config = None, as_json: Json = False) -> None:
    """Check everything Parley needs."""
    import asyncio

    from bot.doctor import examine

    findings = asyncio.run(examine(config))
    well = all(finding.well for finding in findings)
    if as_json:
        typer.echo(json.dumps({"well": well, "findings": [finding.as_dict() for finding in findings]}))
    else:
        for finding in findings:
            typer.echo(f"{'ok ' if finding.well else 'BAD'}  {finding.name}: {finding.said}")
            if finding.remedy:
                typer.echo(f"     {finding.remedy}")
    raise typer.Exit(0 if well else 1)
