"""Lint one file: read it, fix it if asked to, run the rules, and set aside what the settings ignore."""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.core.errors import ConfkitError
from confkit.core.syntax import Document, parse
from confkit.lint.diagnostics import Diagnostic
from confkit.lint.discover import Target, leads_outside
from confkit.lint.discreet import discreet, is_quotable, summaries
from confkit.lint.environment.detect import (
    NO_CONFIG_MAPS,
    environment_form,
    is_manifest,
    may_lead_to_configuration,
    mentions_configuration,
    names_one_of,
)
from confkit.lint.inputs import read_file
from confkit.lint.linter import MAX_FINDINGS, lint
from confkit.lint.results import Fixed, LintedFile
from confkit.lint.rule import Rule
from confkit.lint.settings.ignores import NO_IGNORES, Ignore, Ignores, reason_for

if TYPE_CHECKING:
    from confkit.core.storage.reader import Links
    from confkit.lint.environment.files import LintedEnvironment
    from confkit.lint.environment.surroundings import Form

Fixing = Literal["no", "show", "write"]

_OPTIONS_OF_EDITS = (
    (", add --create or --force.", ", use --unsafe-fixes."),
    ("Name the right file with -c, or edit this one all the same with --force.", "Fix this one by hand."),
    ("Edit it by hand, or all the same with --force.", "Fix it by hand."),
    (", or edit it all the same with --force.", "."),
)
_NEVER_FIXED = "not fixed: confkit does not change manifests. Fix the text, or the file that it is made from."
_OUTSIDE = "this link leads out of the directory that was searched, and is not followed. Name the file itself."
_LINK_NOT_FIXED = "not fixed: this is a link, which was found and not named. Name the file that it leads to."


class LintOptions(NamedTuple):
    """What is done with every file. `fix`: not at all, to show the difference, or in the file itself.

    `unsafe`: also fixes that may change what the client does. `settings` is the settings file that `ignores` come from.
    `client_version`, such as 10.4, is that of the client that is to read the files, where it is known.
    `config_maps` are the ConfigMaps and Secrets of other files that hold a configuration: name and keys.
    """

    rules: tuple[Rule, ...]
    ignores: Ignores = NO_IGNORES
    fix: Fixing = "no"
    unsafe: bool = False
    settings: str | None = None
    client_version: str | None = None
    config_maps: Mapping[str, tuple[str, ...]] = NO_CONFIG_MAPS


def lint_target(target: Target, options: LintOptions) -> LintedFile:
    """Lint one file. What is wrong with the file itself becomes the `error` of the result."""
    if target.error is not None:
        return LintedFile(target.path, None, (), error=target.error)
    found_link = target.within is not None and os.path.islink(target.path)
    if found_link and leads_outside(target.path, target.within or os.curdir):
        return LintedFile(target.path, None, (), error=_OUTSIDE)  # since it was found
    try:
        source = read_file(target.path, _links(target, found_link)) if target.source is None else target.source
        if options.fix == "write" and found_link:
            linted = lint_source(target.path, source, options._replace(fix="show"))
            return linted._replace(fixed=None, error=_LINK_NOT_FIXED) if linted.fixed else linted
        return lint_source(target.path, source, options)
    except ConfkitError as error:
        return LintedFile(target.path, None, (), error=error.message)


def _links(target: Target, is_link: bool) -> "Links":  # noqa: FBT001
    """Return which links are followed to a file: any that was named, of those that were found only trusted ones."""
    return "follow" if target.within is None else "trusted" if is_link else "none"


def lint_source(path: str, source: bytes, options: LintOptions) -> LintedFile:
    """Lint the content of the file at `path`, which is read again only where it is to be fixed."""
    ignores = options.ignores.of_file(path)
    form = environment_form(path, source)
    if form is not None and mentions_configuration(source):
        return _linted_environment(path, source, form, ignores, options)
    if is_manifest(path, source):
        return _linted_manifest(path, source, ignores, options)
    linted = _linted(path, source, options, ignores)
    if options.fix == "no" or linted.error or not any(_applies(each, options) for each in linted.diagnostics):
        return linted
    active = [rule for rule in options.rules if reason_for(rule.code, ignores) is None]
    if options.fix == "show":
        return linted._replace(fixed=_fixed(path, source, active, unsafe=options.unsafe))
    try:
        fixed = _fix_file(path, active, unsafe=options.unsafe)
    except ConfkitError as error:
        return linted._replace(error=f"not fixed: {_without_options(error.message)}")
    return _linted(path, fixed.after, options, ignores)._replace(fixed=fixed)


def _linted(path: str, source: bytes, options: LintOptions, ignores: Sequence[Ignore]) -> LintedFile:
    document = parse(source, os.path.basename(path))
    found = lint(document, path, options.rules, options.client_version)
    quoted = document.lines if found else []
    if found and not is_quotable(document):
        # a rule for files that are not the client's says what the file is, and nothing of what it holds
        sentences, quoted = summaries(rule for rule in options.rules if "client" in rule.kinds), []
        found = [
            discreet(each, sentences[each.code], document)._replace(fix=None) if each.code in sentences else each
            for each in found
        ]
    counted, suppressed = _set_aside(found, ignores)
    lines_alone = document._replace(lines=quoted, sections=(), problems=())
    return LintedFile(path, lines_alone, counted, suppressed, _endless(counted))


def _linted_environment(
    path: str, source: bytes, form: "Form", ignores: Sequence[Ignore], options: LintOptions
) -> LintedFile:
    """Lint a file that leads the client to its own. It is never fixed."""
    from confkit.lint.environment.files import lint_environment  # noqa: PLC0415 - few files are one

    found = lint_environment(path, source, form, options.rules)
    counted, suppressed = _set_aside(found.diagnostics, ignores)
    quoted = found.lines if counted or suppressed else []
    return LintedFile(path, Document(windows=False, lines=quoted, sections=(), problems=()), counted, suppressed)


def _workloads(path: str, source: bytes, options: LintOptions) -> "LintedEnvironment | None":
    """Return what is found in the workloads of a manifest; None where it cannot be read, which is said already."""
    from confkit.lint.environment.files import lint_environment  # noqa: PLC0415 - few files are one

    try:
        return lint_environment(path, source, "manifest", options.rules, options.config_maps)
    except ConfkitError:
        return None


def _linted_manifest(path: str, source: bytes, ignores: Sequence[Ignore], options: LintOptions) -> LintedFile:
    """Lint the files in a manifest. It is never fixed: how their lines are written there is not theirs to change."""
    from confkit.lint.environment.manifests import NOTHING_HELD, lint_manifest  # noqa: PLC0415 - few files are one

    found = lint_manifest(path, source, options.rules, options.client_version)
    apart = [_set_aside(each, ignores) for each in found.findings]
    counted, suppressed = [each for one, _ in apart for each in one], [each for _, one in apart for each in one]
    lines = found.lines
    leads = may_lead_to_configuration(source) or names_one_of(source, options.config_maps)
    told = _workloads(path, source, options) if leads else None
    if told is not None:
        marked = {each.line for each in told.diagnostics} - {each.line for one in found.findings for each in one}
        lines = [told.lines[at - 1] if at in marked else line for at, line in enumerate(lines, 1)]
        more, beside = _set_aside(told.diagnostics, ignores)
        counted, suppressed = [*counted, *more], [*suppressed, *beside]
    known = [fault for fault in found.faults if not (told and told.tells and fault == NOTHING_HELD)]
    faults = [*known, *filter(None, (_endless(one) for one, _ in apart))]
    if options.fix != "no" and any(_applies(each, options) for each in counted):
        faults.append(_NEVER_FIXED)
    return LintedFile(
        path,
        Document(windows=False, lines=lines, sections=(), problems=()),
        tuple(sorted((each._replace(fix=None) for each in counted), key=_place)),
        tuple((each._replace(fix=None), reason) for each, reason in suppressed),
        " ".join(faults) or None,
    )


def _place(finding: Diagnostic) -> tuple[int, int, str, str]:
    return finding.line, finding.column, finding.code, finding.message


def _applies(finding: Diagnostic, options: LintOptions) -> bool:
    return finding.fix is not None and (options.unsafe or finding.fix.safe)


def _fixed(path: str, source: bytes, rules: Sequence[Rule], *, unsafe: bool) -> Fixed:
    """Return the content of the file with all fixes applied."""
    from confkit.lint.fixes import fixed  # noqa: PLC0415 - only with --fix or --diff

    after, findings = fixed(source, os.path.basename(path), rules, unsafe=unsafe)
    return Fixed(source, after, tuple(finding.code for finding in findings))


def _fix_file(path: str, rules: Sequence[Rule], *, unsafe: bool) -> Fixed:
    """Fix the file itself, as it is once it is locked."""
    from confkit.config.edit import EditOptions, edit  # noqa: PLC0415 - only with --fix

    codes: tuple[str, ...] = ()

    def change(document: Document) -> Document:
        nonlocal codes
        found = _fixed(path, document.to_bytes(), rules, unsafe=unsafe)
        codes = found.codes
        return parse(found.after, os.path.basename(path))

    # to close a section that ends with the file is what --unsafe-fixes asks for
    outcome = edit(path, change, EditOptions(create=unsafe))
    return Fixed(outcome.before, outcome.after, codes, outcome.warnings)


def _without_options(message: str) -> str:
    """Return what stands against an edit without the options of other commands."""
    for of_edits, of_lint in _OPTIONS_OF_EDITS:
        message = message.replace(of_edits, of_lint)
    return message


def _set_aside(
    found: Sequence[Diagnostic], ignores: Sequence[Ignore]
) -> tuple[tuple[Diagnostic, ...], tuple[tuple[Diagnostic, str], ...]]:
    """Return the findings that count, and those that are ignored with the reason."""
    reasons = [(finding, reason_for(finding.code, ignores)) for finding in found]
    return (
        tuple(finding for finding, reason in reasons if reason is None),
        tuple((finding, reason) for finding, reason in reasons if reason is not None),
    )


def _endless(found: Sequence[Diagnostic]) -> str | None:
    """Say which rule found more than is reported; the file is then not linted to its end."""
    if len(found) <= MAX_FINDINGS:
        return None
    code, count = Counter(finding.code for finding in found).most_common(1)[0]
    if count <= MAX_FINDINGS:
        return None
    return f"more than {MAX_FINDINGS} findings of {code}; the rest is neither reported nor fixed. Fix these first."
