"""A controller and its fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from testing.ansible_hosts import OLD_PYTHON, Fleet, Host
from testing.ansible_plays import Controller

if TYPE_CHECKING:
    pass


class Site(NamedTuple):
    """A controller and its fleet."""

    controller: Controller
    fleet: Fleet

    def host(self, name: str) -> Host:
        (found,) = [host for host in self.fleet.hosts if host.name == name]
        return found

    def used_old_python(self) -> bool:
        return (self.host(OLD_PYTHON).folder.parent / "python38.log").exists()
