"use strict";
// Filters findings and steps, keeps that in the URL's fragment, and copies commands. The page says
// everything without it.
(() => {
  const form = document.getElementById("filter");
  const cards = [...document.querySelectorAll(".finding")];
  const rows = [...document.querySelectorAll("#steps tbody tr")];
  const shown = document.getElementById("shown");
  const texts = new Map();

  const textOf = (element) => {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  };

  // The fragment is the name of a place, or `?q=users&severity=error&engine=sqlite&at=NAME`.
  const read = () => {
    const fragment = location.hash.slice(1);
    const isFilter = fragment.startsWith("?");
    const wanted = new URLSearchParams(isFilter ? fragment.slice(1) : "");
    return { wanted, at: isFilter ? wanted.get("at") : decoded(fragment) };
  };

  const decoded = (text) => {
    try { return decodeURIComponent(text); } catch { return text; }
  };

  const write = (at) => {
    const wanted = new URLSearchParams();
    const query = form.elements.q.value.trim();
    if (query) wanted.set("q", query);
    for (const name of ["severity", "engine"]) {
      const values = [...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value);
      if (values.length) wanted.set(name, values.join(","));
    }
    if (at) wanted.set("at", at);
    const text = wanted.toString();
    history.replaceState(null, "", text ? `#?${text}` : location.pathname + location.search);
  };

  // What there is a box for: a link to another run's page may name more, which narrows nothing here.
  const chosen = (wanted, name) => (wanted.get(name) || "").split(",").filter((value) =>
    [...form.querySelectorAll(`[name=${name}]`)].some((box) => box.value === value));

  const apply = (wanted) => {
    const words = (wanted.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const severities = chosen(wanted, "severity");
    const engines = chosen(wanted, "engine");
    const has = (element) => words.every((word) => textOf(element).includes(word));
    const isOf = (values, value) => !values.length || values.includes(value);
    let count = 0;
    for (const card of cards) {
      const isShown = isOf(severities, card.dataset.severity)
        && isOf(engines, card.dataset.engine) && has(card);
      card.hidden = !isShown;
      if (isShown) count += 1;
    }
    // A step's row is there where one of its findings is, or where it says itself what is looked for.
    for (const row of rows) {
      const isToldOf = [...row.querySelectorAll("a[href]")].some((link) => {
        const card = document.getElementById(link.hash.slice(1))?.closest(".finding");
        return card && !card.hidden;
      });
      const isMatch = !severities.length && isOf(engines, row.dataset.engine ?? "") && has(row);
      row.hidden = !(isToldOf || isMatch);
    }
    const isWhole = !words.length && !severities.length && !engines.length;
    shown.textContent = isWhole ? `${cards.length} in all` : `${count} of ${cards.length} shown`;
  };

  const go = (at) => {
    const target = at && document.getElementById(at);
    if (!target) return;
    const card = target.closest(".finding");
    if (card) {
      card.open = true;
      card.hidden = false;
    }
    (card ?? target).scrollIntoView({ block: "start" });
  };

  const follow = () => {
    const { wanted, at } = read();
    if (form) {
      form.elements.q.value = wanted.get("q") || "";
      for (const box of form.querySelectorAll("[type=checkbox]")) {
        box.checked = chosen(wanted, box.name).includes(box.value);
      }
      apply(wanted);
    }
    go(at);
  };

  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      write();
      apply(read().wanted);
    });
    const openAll = (isOpen) => {
      for (const card of cards) if (!card.hidden) card.open = isOpen;
    };
    document.getElementById("open-all").addEventListener("click", () => openAll(true));
    document.getElementById("close-all").addEventListener("click", () => openAll(false));
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest("input, textarea, select");
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        form.elements.q.focus();
      }
    });
    // A link to a finding keeps the filter in the address.
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.permalink");
      if (!link || !location.hash.startsWith("#?")) return;
      event.preventDefault();
      const at = link.hash.slice(1);
      write(at);
      go(at);
    });
  }

  // Commands and fixes can be taken over with one click.
  const copies = document.querySelectorAll("code.command, .fix pre");
  for (const source of copies) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(source);
        button.textContent = "Selected";
      }
    });
    source.after(button);
  }

  // Where a picture is wider than the window, the first that is wrong in it is in sight.
  for (const picture of document.querySelectorAll("#staircase .scroll")) {
    const wrong = picture.querySelector("svg .error, svg .unknown, svg .warning");
    const beyond = wrong
      ? wrong.getBoundingClientRect().right - picture.getBoundingClientRect().right : 0;
    if (beyond > 0) picture.scrollLeft += beyond + 80;
  }

  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  follow();
})();
