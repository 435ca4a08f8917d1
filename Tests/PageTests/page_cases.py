"""What holds of a report's page, each in a browser that has just opened it."""

import json
import statistics
import time

import projects
from axe_playwright_python.sync_playwright import Axe
from browser import NARROW, tab
from cases import case, must

# The most seconds that a report of a thousand revisions may take to open.
OPENS_WITHIN = 2.0


def names(page):
    return page.eval_on_selector_all(".finding .body", "all => all.map(one => one.id)")


def shown(page):
    return page.locator(".finding:visible").count()


def in_view(page, name):
    return page.evaluate(
        """name => {
          const card = document.getElementById(name).closest(".finding");
          const place = card.getBoundingClientRect();
          return card.open && place.top >= 0 && place.top < innerHeight;
        }""", name)


@case
def accessible(chromium, pages):
    """axe finds no violation, in either colour scheme, with everything unfolded."""
    for name in (projects.FINDINGS, projects.CLEAN, projects.BRANCHES, projects.HOSTILE, projects.REHEARSAL):
        for scheme in ("light", "dark"):
            with tab(chromium, pages.address(name), scheme=scheme) as page:
                page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                found = Axe().run(page).response["violations"]
                told = [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
                must(not found, f"{name} in {scheme}: {json.dumps(told, indent=1)}")


@case
def filtered(chromium, pages):
    """Search and boxes leave what matches, stand in the address, and are there again when it is opened."""
    with tab(chromium, pages.address(projects.FINDINGS)) as page:
        whole = shown(page)
        must(whole > 3, f"only {whole} findings to filter")
        page.keyboard.press("/")
        page.keyboard.type("ix_users_email")
        few = shown(page)
        must(0 < few < whole, f"{few} of {whole} match")
        must("#?q=ix_users_email" in page.url, page.url)
        page.get_by_role("checkbox", name="SQLite").check()
        fewer = shown(page)
        must(0 < fewer < few and "engine=sqlite" in page.url, f"{fewer} of {few}: {page.url}")
        must(f"{fewer} of {whole} shown" in page.inner_text("#shown"), page.inner_text("#shown"))
        rows = page.locator("#steps tbody tr:visible").all_inner_texts()
        must(rows and all("SQLite" in row and "downgrade-leaves-trace" in row or "index emails" in row for row in rows), str(rows))
        address = page.url
    with tab(chromium, address) as page:
        must(shown(page) == fewer, f"{shown(page)} instead of {fewer} when the address is opened")
        must(page.input_value("[name=q]") == "ix_users_email", "the search is not in its field")
        page.fill("[name=q]", "")
        page.get_by_role("checkbox", name="SQLite").uncheck()
        must(shown(page) == whole and "#" not in page.url, f"{shown(page)} of {whole}: {page.url}")
        page.fill("[name=q]", "nothing holds this")
        must(shown(page) == 0, "what matches nothing is shown")
    with tab(chromium, pages.address(projects.FINDINGS, "#?severity=note&engine=oracle")) as page:
        must(shown(page) == whole, f"{shown(page)} of {whole}: a filter that the page has no box for")


@case
def linked(chromium, pages):
    """A link to a finding unfolds it and brings it into view, with the script and without."""
    with tab(chromium, pages.address(projects.FINDINGS)) as page:
        last = names(page)[-1]
        must(not in_view(page, last), "the last finding is in view to begin with")
        page.evaluate("name => { document.getElementById(name).closest('details').open = true }", last)
        page.locator(f"a.permalink[href='#{last}']").click()
        must(page.url.endswith("#" + last), page.url)
    for scripts in (True, False):
        with tab(chromium, pages.address(projects.FINDINGS, "#" + last), scripts=scripts) as page:
            must(in_view(page, last), f"{last} is not in view (scripts: {scripts})")
    with tab(chromium, pages.address(projects.FINDINGS, f"#?severity=warning&at={last}")) as page:
        must(in_view(page, last), "a link with a filter does not lead to its finding")
    with tab(chromium, pages.address(projects.FINDINGS)) as page:
        for link in page.locator("nav a, .first a, #steps a").all():
            name = link.get_attribute("href")[1:]
            must(page.locator(f"[id='{name}']").count() == 1, f"#{name} leads nowhere")


@case
def readable_without_scripts(chromium, pages):
    """Without its script the page says the same, and shows nothing that would not work."""
    with tab(chromium, pages.address(projects.FINDINGS), scripts=False) as page:
        text = page.inner_text("body")
        for part in ("to mend", "stairway verify", "Begin here", "What to do", "Staircase", "downgrade-leaves-trace",
                     "missing-downgrade", "1 head", "no way back"):
            must(part in page.content() and (part in text or part == "no way back"), f"{part!r} is not there")
        must(page.locator("button:visible, input:visible").count() == 0, "controls without a script are shown")
        card = page.locator(".finding").last
        must(not card.locator(".body").is_visible(), "the last finding is unfolded to begin with")
        card.locator("summary").first.click()
        must(card.locator(".body").is_visible(), "a finding does not unfold")


@case
def nothing_runs(chromium, pages):
    """Whatever names, rows, messages and output hold: it is text, nothing is asked for, nothing runs."""
    with tab(chromium, pages.address(projects.HOSTILE)) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for one in page.locator("details:visible, td:visible, th:visible").all()[:80]:
            one.hover(force=True)
        must(page.evaluate("window.ran") is None, f"something ran: {page.evaluate('window.ran')}")
        must(page.requests == [page.url.split("#")[0]], f"it asked for {page.requests}")
        must(not page.complaints, f"it complains: {page.complaints}")
        must(page.locator("img, iframe, object, embed, link, base").count() == 0, "there is a foreign element")
        must(page.locator("script").count() == 1, "there is another script")
        text = page.evaluate("document.body.textContent")
        for part in projects.CORPUS[:8]:
            must(part in text, f"{part!r} is not shown as it is")
        must("\u202e" not in text and "\\u{202E}" in text, "the direction of writing is turned")


@case
def policy_holds(chromium, pages):
    """Were something not escaped, the page's policy would keep it from running."""
    page = pages[projects.CLEAN].read_text()
    broken = page.replace("<footer>", "".join(projects.CORPUS[:7]) + "<p style='color: red' onclick='window.ran = 8' id=p>x</p><footer>")
    must(broken != page, "nothing was put in")
    file = pages[projects.CLEAN].with_name("broken.html")
    file.write_text(broken)
    with tab(chromium, file.as_uri()) as page:
        page.locator("#p").click()
        must(page.evaluate("window.ran") is None, f"something ran: {page.evaluate('window.ran')}")
        must(any("Content Security Policy" in one for one in page.complaints), "the policy stopped nothing")


@case
def fits(chromium, pages):
    """A telephone shows the page without scrolling sideways; wide pictures scroll for themselves."""
    for name in (projects.FINDINGS, projects.BRANCHES, projects.HOSTILE, projects.REHEARSAL):
        with tab(chromium, pages.address(name), size=NARROW) as page:
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            width = page.evaluate("document.documentElement.scrollWidth")
            must(width <= NARROW["width"], f"{name} is {width} wide")


@case
def wrong_in_sight(chromium, pages):
    """On a telephone a staircase stands at its first step that is wrong, however far up that is."""
    for name in (projects.FINDINGS, projects.LONG):
        with tab(chromium, pages.address(name), size=NARROW) as page:
            seen = page.eval_on_selector_all(
                "#staircase .scroll:has(svg)",
                """all => all.map(one => {
                  const wrong = one.querySelector("svg .error").getBoundingClientRect();
                  const place = one.getBoundingClientRect();
                  return wrong.left >= place.left && wrong.right <= place.right;
                })""")
            must(seen and all(seen), f"{name}: {seen}")


@case
def printed(chromium, pages):
    """Paper has every finding's evidence, also where it was folded, and no controls."""
    with tab(chromium, pages.address(projects.FINDINGS), scripts=False) as page:
        page.emulate_media(media="print")
        hidden = [one for one in page.locator(".finding > .body").all() if one.bounding_box() is None]
        must(not hidden, f"{len(hidden)} findings stay folded on paper")
        must(page.locator("nav:visible, #filter:visible").count() == 0, "controls are printed")


@case
def rehearsed(chromium, pages):
    """A rehearsal's page says whether the deploy can go, and has each revision and its locks on a time line."""
    with tab(chromium, pages.address(projects.REHEARSAL)) as page:
        text = page.inner_text("body")
        for part in ("rehearse", "tested on a copy", "way back", "Time line", "c3d2e4f5a6b7 widen ids", "ACCESS EXCLUSIVE on table users", "reads and writes wait",
                     "SHARE on table users", "no further lock", "back: "):
            must(part in text, f"{part!r} is not there")
        bars = page.eval_on_selector_all(".time-line rect", "all => all.map(one => one.getBoundingClientRect().width)")
        must(len(bars) >= 5 and all(width >= 2 for width in bars), f"the bars are {bars} wide")
        must(not page.complaints, f"it complains: {page.complaints}")


@case
def opens_at_once(chromium, pages):
    """A report of a thousand revisions is there in two seconds."""
    address = pages.address(projects.LONG)
    times = []
    for _ in range(3):
        begun = time.monotonic()
        with tab(chromium, address) as page:
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            times.append(time.monotonic() - begun)
            must(page.locator("#steps tbody tr").count() == 1_000, "not every revision is listed")
    size = pages[projects.LONG].stat().st_size
    print(f"       1,000 revisions, {size / 1e6:.1f} MB: {statistics.median(times):.2f} s")
    must(statistics.median(times) < OPENS_WITHIN, f"it took {times} seconds")
