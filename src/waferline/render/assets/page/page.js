(() => {
  "use strict";
  const root = document.documentElement;
  const read = id => JSON.parse(document.getElementById(id).textContent);
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  // Light and dark: the system's choice until the reader makes one.
  const remembered = () => { try { return localStorage.getItem("waferline-theme"); } catch { return null; } };
  if (remembered()) root.dataset.theme = remembered();
  document.getElementById("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("waferline-theme", root.dataset.theme); } catch { /* private window */ }
  });

  // Contents: open on wide screens, closed on phones.
  const toc = document.getElementById("toc");
  if (matchMedia("(max-width:980px)").matches) toc.removeAttribute("open");
  toc.addEventListener("click", e => {
    if (e.target.closest("a") && matchMedia("(max-width:980px)").matches) toc.removeAttribute("open");
  });

  // Cards: what stands behind a number.
  const box = document.getElementById("card");
  let store = null, opener = null;
  const pair = (list, term, text) => {
    if (!text) return;
    const row = make("div");
    row.append(make("dt", "", term), make("dd", "", text));
    list.append(row);
  };
  const fill = card => {
    const w = store.words;
    box.replaceChildren();
    const close = make("button", "x", "×");
    close.type = "button"; close.autofocus = true;
    close.setAttribute("aria-label", w.close);
    close.addEventListener("click", () => box.hidePopover());
    const title = make("h3", "", card.title);
    title.id = "card-title";
    box.append(close, make("div", "big", card.text), title);
    const list = make("dl");
    pair(list, w.formula, card.formula);
    pair(list, w.interval, card.interval);
    if (list.children.length) box.append(list);
    for (const number of card.inputs) {
      const input = store.inputs[number];
      const part = make("div", "in");
      const head = make("div");
      head.append(make("b", "", input.name), document.createTextNode(` · ${input.period} · ${input.value}`));
      part.append(head, make("p", "", input.source), make("p", "", input.dates));
      if (/^https?:\/\//i.test(input.url)) {
        const link = make("a", "", w.link + " ↗");
        link.href = input.url; link.target = "_blank"; link.rel = "noopener noreferrer";
        part.append(link);
      }
      const flags = make("div");
      for (const flag of input.flags) flags.append(make("span", "flag", flag));
      if (input.flags.length) part.append(flags);
      box.append(part);
    }
  };
  const place = () => {
    if (matchMedia("(max-width:700px)").matches || !opener) return;
    const at = opener.getBoundingClientRect(), gap = 8;
    const below = at.bottom + gap + box.offsetHeight <= innerHeight || at.top < box.offsetHeight + gap;
    box.style.left = Math.max(12, Math.min(at.left, innerWidth - box.offsetWidth - 12)) + "px";
    box.style.top = Math.max(12, below ? Math.min(at.bottom + gap, innerHeight - box.offsetHeight - 12) : at.top - gap - box.offsetHeight) + "px";
  };
  const nothing = document.createElement("span");
  const open = button => {
    store ??= read("cards");
    const card = store.cards[button.dataset.card];
    if (!card || !box.showPopover) return;
    (opener ?? nothing).removeAttribute("aria-expanded");
    opener = button;
    fill(card);
    if (!box.matches(":popover-open")) box.showPopover();
    button.setAttribute("aria-expanded", "true");
    place();
    box.querySelector(".x").focus({preventScroll: true});
  };
  document.addEventListener("click", e => {
    const button = e.target.closest("[data-card]");
    if (button && getSelection().isCollapsed) open(button);
  });
  document.addEventListener("keydown", e => {
    if ((e.key !== "Enter" && e.key !== " ") || !e.target.matches?.("[data-card]")) return;
    e.preventDefault();
    open(e.target);
  });
  box.addEventListener("toggle", e => {
    if (e.newState !== "closed" || !opener) return;
    const back = opener;
    back.removeAttribute("aria-expanded");
    if (document.activeElement === document.body || box.contains(document.activeElement)) back.focus({preventScroll: true});
  });
  addEventListener("scroll", () => { if (box.matches(":popover-open")) place(); }, {passive: true});

  // Charts come alive when they are near; until then, and without scripts, the still picture stands.
  let specs = null, library = null;
  const vega = () => library ??= new Promise(done => {
    addEventListener("vega-ready", () => done(window.vegaEmbed), {once: true});
    const script = document.createElement("script");
    script.type = "module";
    script.textContent = document.getElementById("vega").textContent + ";dispatchEvent(new Event('vega-ready'));";
    document.head.append(script);
  });
  const enliven = async node => {
    specs ??= read("specs");
    const spec = specs[node.dataset.spec];
    if (!spec) return;
    const embed = await vega();
    const target = make("div");
    await embed(target, spec, {renderer: "svg", actions: false, tooltip: {theme: "custom"}});
    const drawing = target.querySelector("svg");
    drawing.setAttribute("aria-hidden", "true");
    node.replaceChildren(target);
    node.dataset.alive = "";
  };
  if ("IntersectionObserver" in window) {
    const watch = new IntersectionObserver(seen => {
      for (const one of seen) if (one.isIntersecting) {
        watch.unobserve(one.target);
        enliven(one.target).catch(error => console.warn("waferline: chart stays still", error));
      }
    }, {rootMargin: "200px"});
    addEventListener("load", () => setTimeout(() => document.querySelectorAll(".pic[data-spec]").forEach(n => watch.observe(n)), 300));
  }
})();
