"""How the action comes by the program: on the PATH, beside the action, or as a release that is checked."""

import contextlib
import functools
import hashlib
import http.server
import io
import os
import pathlib
import platform
import shutil
import ssl
import subprocess
import tarfile
import tempfile
import threading

import fixtures
from workbench import GOOD, case, expect, must

ASSET = f"stairway-linux-{platform.machine()}.tar.gz"
VERSION = subprocess.check_output([fixtures.stairway(), "--version"], text=True).split()[1]


def checkout(runner):
    """A checkout of the action in which nothing was built."""
    runner.checkout = runner.folder / "checkout"
    (runner.checkout / "Sources/Commands").mkdir(parents=True)
    for one in ("action.yml", "action", "Sources/Commands/CommandLineTool.swift"):
        source, copy = fixtures.ROOT / one, runner.checkout / one
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy)


@functools.cache
def packed():
    """A release's two files, as ci/package makes them, by name."""
    with tempfile.TemporaryDirectory(prefix="stairway-action-") as folder:
        done = subprocess.run(
            [fixtures.ROOT / "ci/package", folder], text=True, capture_output=True,
            env={**os.environ, "STAIRWAY": str(fixtures.stairway())})
        must(done.returncode == 0, done.stderr)
        return {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}


def release(runner):
    """A release's files in a folder that serves as a mirror."""
    folder = runner.folder / "release"
    folder.mkdir()
    for name, content in packed().items():
        (folder / name).write_bytes(content)
    runner.variables["STAIRWAY_DOWNLOAD_URL"] = f"file://{folder}/"
    return folder


def sign(folder):
    """Makes the checksum fit the archive again."""
    text = hashlib.sha256((folder / ASSET).read_bytes()).hexdigest()
    (folder / f"{ASSET}.sha256").write_text(f"{text}  {ASSET}\n")


def refused(runner, inputs, *words, result="unknown", status=3):
    """The step that fetches ends with a sentence that holds `words`, and nothing is verified."""
    outcome = runner.use(inputs)
    expect(outcome, status, result)
    must("Verify the migrations" not in outcome.ran, "it was verified nevertheless")
    said = [one.data for one in outcome.annotations("error")]
    must(len(said) == 1 and all(word in said[0] for word in words), f"not {words}: {said}")


@contextlib.contextmanager
def served(runner, folder, encrypted=True):
    """The folder behind an address on this machine, whose certificate the runner trusts."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if encrypted:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate(runner))
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http{'s' if encrypted else ''}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def certificate(runner):
    """A certificate for this machine and its key, as files; curl trusts it and no other."""
    file, key = runner.folder / "certificate.pem", runner.folder / "key.pem"
    done = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", file], capture_output=True, text=True)
    must(done.returncode == 0, done.stderr)
    runner.variables["CURL_CA_BUNDLE"] = str(file)
    return file, key


@case
def packed_with_its_manual(runner):
    """The archive has the program, its manual page where man looks for it, and the licences."""
    with tarfile.open(fileobj=io.BytesIO(packed()[ASSET])) as archive:
        names = archive.getnames()
        page = archive.extractfile("man/man1/stairway.1").read()
    must({"stairway", "LICENSE"} <= set(names), str(names))
    must(page == (fixtures.ROOT / "docs/stairway.1").read_bytes(), "the page is another one")


@case
def fetched(runner):
    """Not on the PATH: the release is fetched, checked, put on the PATH, and verifies a project."""
    checkout(runner)
    folder = release(runner)
    runner.project([GOOD])
    with served(runner, folder) as address:
        runner.variables["STAIRWAY_DOWNLOAD_URL"] = address
        outcome = runner.use()
    expect(outcome, 0, "verified")
    must(f"stairway {VERSION}: {runner.folder}/temporary/" in outcome.log, outcome.log)
    with tarfile.open(folder / ASSET) as archive:
        names = {one.name for one in archive.getmembers()}
    must({"stairway", "LICENSE", "licences/libpg-query-dev"} <= names, f"the archive holds {names}")


@case
def on_the_path(runner):
    """The one on the PATH is used where its version is the one asked for, or none is."""
    runner.put_stairway()
    runner.project([GOOD])
    runner.variables["STAIRWAY_DOWNLOAD_URL"] = "file:///nowhere"
    for version in ("", VERSION, f"v{VERSION}"):
        outcome = runner.use({"version": version})
        expect(outcome, 0, "verified")
        must(f": {runner.programs}/stairway" in outcome.log, outcome.log)


@case
def another_version_on_the_path(runner):
    """Another version than the one asked for is passed over, and the release stands before it."""
    checkout(runner)
    release(runner)
    runner.put("stairway", "echo stairway 9.9.9\n")
    runner.project([GOOD])
    expect(runner.use({"version": VERSION}), 0, "verified")
    refused(runner, {"version": "8.8.8"}, "8.8.8", "another version", "stairway " + VERSION)


@case
def another_version_and_no_releases(runner):
    """An action in the workspace has no releases: what is on the PATH is named, with its version."""
    checkout(runner)
    for text, words in (
        ("echo stairway 7.7.7\n", "stairway is version 7.7.7"), ("exit 1\n", "stairway does not run"),
    ):
        runner.put("stairway", text)
        outcome = runner.use({"version": "9.9.9"}, repository="")
        expect(outcome, 3, "unknown")
        (said,) = outcome.annotations("error")
        must("There is no stairway 9.9.9 on the PATH" in said.data, said.data)
        must(f"{runner.programs}/{words}" in said.data, said.data)


@case
def built_beside_the_action(runner):
    """A checkout of the action in which the program was built needs no release."""
    checkout(runner)
    (runner.checkout / ".build/release").mkdir(parents=True)
    (runner.checkout / ".build/release/stairway").symlink_to(fixtures.stairway())
    runner.variables["STAIRWAY_DOWNLOAD_URL"] = "file:///nowhere"
    runner.project([GOOD])
    expect(runner.use({"version": VERSION}), 0, "verified")


@case
def damaged_releases(runner):
    """What is absent, changed, cut off or no archive at all is never run."""
    checkout(runner)
    folder = release(runner)
    archive, checksum = folder / ASSET, folder / f"{ASSET}.sha256"
    whole = archive.read_bytes()
    archive.write_bytes(whole + b"more")
    refused(runner, {}, "is not what was published", "SHA-256")
    archive.write_bytes(whole[: len(whole) // 2])
    refused(runner, {}, "is not what was published")
    sign(folder)
    refused(runner, {}, "cannot be unpacked")
    archive.write_bytes(b"<html>")
    sign(folder)
    refused(runner, {}, "cannot be unpacked")
    archive.write_bytes(whole)
    checksum.write_text("")
    refused(runner, {}, "is not what was published")
    archive.unlink()
    sign_of_nothing = "0" * 64
    checksum.write_text(f"{sign_of_nothing}  {ASSET}\n")
    refused(runner, {}, "could not be fetched", ASSET)
    with served(runner, folder) as address:
        runner.variables["STAIRWAY_DOWNLOAD_URL"] = address
        refused(runner, {}, "could not be fetched", "404")


@case
def pinned(runner):
    """A digest that the workflow names stands above what the release says of itself, which anybody can
    change together with the archive."""
    checkout(runner)
    folder = release(runner)
    archive, checksum = folder / ASSET, folder / f"{ASSET}.sha256"
    runner.project([GOOD])
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    checksum.unlink()
    for text in (digest, digest.upper()):
        expect(runner.use({"sha256": text}), 0, "verified")
    archive.write_bytes(archive.read_bytes() + b"more")
    sign(folder)
    refused(runner, {"sha256": digest}, "is not what was published", f"sha256 says {digest}")
    for text in ("1234", digest + "0", "g" * 64):
        refused(runner, {"sha256": text}, "sha256 expects 64 hexadecimal digits", result="usage", status=4)


@case
def unencrypted(runner):
    """Nothing is fetched over a connection that others could change."""
    checkout(runner)
    folder = release(runner)
    with served(runner, folder, encrypted=False) as address:
        runner.variables["STAIRWAY_DOWNLOAD_URL"] = address
        refused(runner, {}, "could not be fetched", "http")


@case
def archive_that_reaches_out(runner):
    """Only the program is taken out of an archive, whatever else it holds."""
    checkout(runner)
    folder = release(runner)
    with tarfile.open(folder / ASSET, "w:gz") as archive:
        for name, text in (("../escaped", b""), ("stairway", b"#!/bin/sh\necho stairway 0\n")):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(text), 0o755
            archive.addfile(member, io.BytesIO(text))
    sign(folder)
    refused(runner, {}, "another version")
    must(not list(runner.folder.rglob("escaped")), "a member was written elsewhere")


@case
def address_of_a_release(runner):
    """Without a mirror it is the action's own repository, and its own version unless another is asked."""
    checkout(runner)
    runner.put("curl", 'echo "curl: (22) no: ${!#}" >&2\nexit 22\n')
    releases = "https://github.com/owner/stairway/releases/download"
    refused(runner, {}, f"{releases}/v{VERSION}/{ASSET}.sha256")
    refused(runner, {"version": "v1.2.3"}, f"{releases}/v1.2.3/{ASSET}.sha256")
    refused(runner, {"version": "../../x y"}, "version expects", result="usage", status=4)
    runner.put("uname", "echo Darwin\n")
    refused(runner, {}, "no release of stairway for Darwin")
    (runner.programs / "uname").unlink()
    outcome = runner.use({}, repository="")
    expect(outcome, 3, "unknown")
    must("no releases" in outcome.log, outcome.log)


@case
def absent_libraries(runner):
    """A library that the system lacks is installed where it is known, and named where it is not."""
    checkout(runner)
    release(runner)
    runner.project([GOOD])
    marker = runner.folder / "installed"
    runner.put("ldd", f"[ -e {marker} ] || printf '\\tlibpq.so.5 => not found\\n\\tlibxml2.so.2 => not found\\n'\n")
    runner.put("sudo", '"$@"\n')
    runner.put("apt-get", f'[ "$1" = update ] || echo "$@" >{marker}\n')
    expect(runner.use(), 0, "verified")
    must(marker.read_text().split()[-2:] == ["libpq5", "libxml2"], marker.read_text())
    marker.unlink()
    runner.put("apt-get", "exit 100\n")
    refused(runner, {}, "libpq5", "could not install")
    runner.put("ldd", "printf '\\tlibelsewhere.so.1 => not found\\n'\n")
    refused(runner, {}, "libelsewhere.so.1")
