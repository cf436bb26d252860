"""confkit exporter: serve the state of the HA group as Prometheus metrics."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli import group_options
from confkit.cli.options import Config, config_path
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import UsageError
from confkit.core.escape import escape

if TYPE_CHECKING:
    from confkit.check.request import CheckRequest

EXAMPLES = """Examples:

confkit exporter

confkit exporter --label signing --listen 10.0.0.5 --web-config /etc/confkit/web.yml

confkit exporter --textfile /var/lib/prometheus/node-exporter/luna.prom
"""

_PORT = 9792  # the appliance's own port is 1792
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def command(
    config: Config = None,
    library: group_options.Library = None,
    slot: group_options.SlotNumber = None,
    label: group_options.Label = None,
    listen: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The address to listen on; 0.0.0.0 for every IPv4 address.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0 takes a free one.")] = _PORT,
    web_config: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="TLS and users, in the web configuration file of Prometheus exporters."),
    ] = None,
    interval: Annotated[float, typer.Option(metavar="S", help="Seconds between rounds of three calls.")] = 60,
    check_interval: Annotated[
        float, typer.Option(metavar="S", help="Seconds between checks, which give the verdict.")
    ] = 3600,
    tolerate: Annotated[
        float, typer.Option(metavar="P", help="Share of calls that may falsely report a failure, for the verdict.")
    ] = 0.05,
    confidence: Annotated[float, typer.Option(metavar="C", help="Confidence of the verdict.")] = 0.95,
    state: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="Keep the evidence of the rounds in this file, over restarts.",
            show_default="a file in systemd's STATE_DIRECTORY",
        ),
    ] = None,
    textfile: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Make one check, write it to PATH for the node exporter, and end."),
    ] = None,
) -> int:
    """Watch the HA group and serve its state to Prometheus on /metrics.

    A round tells which members answer. A check, every hour and when a member begins to fail, gives the verdict on
    statusTimeout and tells slow members from those that are down. Both run in child processes: a library that hangs or
    crashes delays no scrape. Runs until it is interrupted; /-/healthy and /-/ready are for a supervisor.

    Exit codes: 0 ended by a signal, or the text file is written; 2 wrong usage; 3 the configuration, the web
    configuration or the address cannot be used, or a Python package is missing.
    """
    from confkit.check.request import CheckRequest  # noqa: PLC0415 - the other commands need none of this
    from confkit.check.results import plan_for  # noqa: PLC0415
    from confkit.reports.check.metrics import need_client  # noqa: PLC0415

    need_client("the exporter")
    choice = group_options.chosen(slot, label)
    for name, value in (("--interval", interval), ("--check-interval", check_interval)):
        if not 0 < value < float("inf"):
            raise UsageError(f"{name} is {value:g}. Give a number of seconds greater than 0")
    request = CheckRequest(config_path(config), plan_for(tolerate, confidence), library, choice)
    with ending_on_sigterm():
        if textfile is not None:
            return _write(textfile, request)
        return _serve(request, (listen, port), (interval, check_interval), (web_config, state))


def _write(path: str, request: CheckRequest) -> int:
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


def _serve(
    request: CheckRequest, address: tuple[str, int], pace: tuple[float, float], files: tuple[str | None, str | None]
) -> int:
    """Serve until a signal comes."""
    from confkit.exporter import server, state_file  # noqa: PLC0415 - server needs prometheus_client, an extra
    from confkit.exporter.watch import Means, Pace, Watch  # noqa: PLC0415 - as above
    from confkit.exporter.web_config import WebConfig  # noqa: PLC0415

    web_config, state = files
    means = Means(state_path=state_file.path_of(state, request.choice, os.environ))
    watch = Watch(request, Pace(*pace), _say, means)
    web = WebConfig(web_config, _say)
    port = server.start(server.Address(*address), lambda: watch.state, web)
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    if not web.settings().tls and address[0] not in _LOOPBACK:
        _say(f"warning: {address[0]} is served without TLS. Give a web configuration file with --web-config")
    _say(f"metrics on {'https' if web.settings().tls else 'http'}://{host}:{port}/metrics")
    try:
        watch.run()
    except KeyboardInterrupt:
        return 0
    finally:
        watch.stop()


def _say(line: str) -> None:
    typer.echo(f"confkit: {escape(line)}", err=True)
