"""confkit exporter: the HA group as metrics of Prometheus."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli import group_options
from confkit.cli.options import Config, config_path
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import UnavailableError, UsageError
from confkit.core.escape import plain

if TYPE_CHECKING:
    from confkit.check.checker import Request

EXAMPLES = """Examples:

confkit exporter

confkit exporter --label signing --listen 10.0.0.5 --interval 30

confkit exporter --textfile /var/lib/prometheus/node-exporter/luna.prom
"""

_PORT = 9792  # the appliance's own port is 1792


def command(
    config: Config = None,
    library: group_options.Library = None,
    slot: group_options.SlotNumber = None,
    label: group_options.Label = None,
    listen: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0 takes a free one.")] = _PORT,
    interval: Annotated[float, typer.Option(metavar="S", help="A round of three calls every so many seconds.")] = 60,
    check_interval: Annotated[
        float, typer.Option(metavar="S", help="A whole check, for the verdict, every so many seconds.")
    ] = 3600,
    tolerate: Annotated[
        float, typer.Option(metavar="P", help="The share of calls that may falsely report a failure, for the check.")
    ] = 0.05,
    confidence: Annotated[float, typer.Option(metavar="C", help="How sure the check has to be.")] = 0.95,
    textfile: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Make one check, write it to PATH for the node exporter, and end."),
    ] = None,
) -> int:
    """Watch the HA group, and serve what is found to Prometheus on /metrics.

    A round tells which members answer; a check, each hour and when a member begins to fail, gives the verdict on
    statusTimeout and tells slow members from those that are down. Both run in child processes: a library that hangs or
    crashes delays no scrape. It runs until it is interrupted.
    """
    from confkit.check.checker import Request  # noqa: PLC0415 - the other commands need none of this
    from confkit.check.results import plan_for  # noqa: PLC0415

    choice = group_options.chosen(slot, label)
    for name, value in (("--interval", interval), ("--check-interval", check_interval)):
        if not 0 < value < float("inf"):
            raise UsageError(f"{name} is {value:g}. Give a number of seconds greater than 0")
    request = Request(config_path(config), plan_for(tolerate, confidence), library, choice)
    with ending_on_sigterm():
        if textfile is not None:
            return _write(textfile, request)
        return _serve(request, (listen, port), (interval, check_interval))


def _write(path: str, request: Request) -> int:
    """Make one check and write it; also one that gave no verdict, for an alert to see."""
    from confkit.check.checker import check  # noqa: PLC0415 - as above
    from confkit.exporter import textfile  # noqa: PLC0415
    from confkit.reports.check import models as check_models  # noqa: PLC0415
    from confkit.reports.check import prometheus  # noqa: PLC0415

    textfile.inspect(path)
    result = check(request)
    view = check_models.view(request, result)
    textfile.write(path, prometheus.page(view, result, time.time()))
    return 0


def _serve(request: Request, address: tuple[str, int], pace: tuple[float, float]) -> int:
    """Serve until a signal comes, which is how this is meant to end."""
    try:
        from confkit.exporter import server  # noqa: PLC0415 - it needs prometheus_client, an extra
    except ImportError as error:
        raise UnavailableError(
            "the exporter needs the Python package prometheus_client, and it is not installed here: "
            "pip install prometheus_client. --textfile works without it"
        ) from error
    from confkit.exporter.watch import Pace, Watch  # noqa: PLC0415 - as above

    watch = Watch(request, Pace(*pace), _say)
    port = server.start(*address, lambda: watch.state)
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    _say(f"metrics on http://{host}:{port}/metrics")
    try:
        watch.run()
    except KeyboardInterrupt:
        return 0


def _say(line: str) -> None:
    typer.echo(f"confkit: {plain(line)}", err=True)
