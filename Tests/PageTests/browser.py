"""Chromium, without a window and without a network."""

import contextlib
import os
import shutil

import fixtures
from playwright.sync_api import sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@contextlib.contextmanager
def opened():
    """The browser of STAIRWAY_TEST_BROWSER, else the system's, else playwright's own."""
    path = os.environ.get("STAIRWAY_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as driver:
        own = driver.chromium.executable_path
        if path is None and not os.path.exists(own):
            fixtures.stop("There is no Chromium yet: run ci/setup.")
        # Root has no sandbox; what is opened was made here.
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield chromium
        finally:
            chromium.close()


@contextlib.contextmanager
def tab(chromium, address, *, scripts=True, scheme="light", size=WIDE):
    """A page that was opened and has loaded, with all that it asked for and complained of."""
    context = chromium.new_context(
        java_script_enabled=scripts, color_scheme=scheme, viewport=size, offline=True
    )
    page = context.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (page.complaints.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    try:
        yield page
    finally:
        context.close()


def take_pictures(chromium, pages, folder):
    """Light, dark, narrow and as it is printed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("findings", "clean", "branches", "hostile", "rehearsal", "long"):
        for kind, scheme, size in (
            ("light", "light", WIDE), ("dark", "dark", WIDE), ("narrow", "light", NARROW)
        ):
            with tab(chromium, pages.address(name), scheme=scheme, size=size) as page:
                page.screenshot(path=folder / f"{name}-{kind}.png", full_page=True)
        with tab(chromium, pages.address(name), scripts=False) as page:
            page.pdf(path=folder / f"{name}.pdf", format="A4")
