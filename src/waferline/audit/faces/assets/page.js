(() => {
  "use strict";
  const root = document.documentElement;
  const phone = () => matchMedia("(max-width:700px)").matches;

  // Light and dark: the system's choice until the reader makes one.
  const theme = document.getElementById("theme");
  const remembered = () => { try { return localStorage.getItem("waferline-theme"); } catch { return null; } };
  if (remembered()) root.dataset.theme = remembered();
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("waferline-theme", root.dataset.theme); } catch { /* private window */ }
  });

  // Filters: each kind of mark can be put out and lit again.
  for (const button of document.querySelectorAll("[data-show]")) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!shown));
      root.classList.toggle("hide-" + button.dataset.show, shown);
    });
  }

  // Cards: a mark shows its findings beside it; without this script its link leads to them.
  const box = document.getElementById("card");
  if (!box.showPopover) return;
  let opener = null;
  const place = () => {
    if (phone() || !opener) return;
    const at = opener.getBoundingClientRect(), gap = 8;
    const below = at.bottom + gap + box.offsetHeight <= innerHeight || at.top < box.offsetHeight + gap;
    box.style.left = Math.max(12, Math.min(at.left, innerWidth - box.offsetWidth - 12)) + "px";
    box.style.top = Math.max(12, below ? Math.min(at.bottom + gap, innerHeight - box.offsetHeight - 12) : at.top - gap - box.offsetHeight) + "px";
  };
  const open = mark => {
    if (opener) opener.removeAttribute("aria-expanded");
    opener = mark;
    const close = document.createElement("button");
    close.type = "button"; close.className = "x"; close.textContent = "×";
    close.setAttribute("aria-label", box.dataset.close);
    close.addEventListener("click", () => box.hidePopover());
    box.replaceChildren(close);
    for (const key of mark.dataset.cards.split(" ")) {
      const entry = document.getElementById(key), copy = document.createElement("div");
      copy.className = entry.className;
      copy.append(...entry.cloneNode(true).children);
      const number = entry.getAttribute("value");
      if (number) copy.querySelector(".head").prepend(number + ". ");
      const link = copy.querySelector(".jump");
      if (link) link.remove();
      box.append(copy);
    }
    if (!box.matches(":popover-open")) box.showPopover();
    mark.setAttribute("aria-expanded", "true");
    box.scrollTop = 0;
    place();
    close.focus({preventScroll: true});
  };
  document.addEventListener("click", event => {
    const mark = event.target.closest("[data-cards]");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey || !getSelection().isCollapsed) return;
    event.preventDefault();
    open(mark);
  });
  box.addEventListener("toggle", event => {
    if (event.newState !== "closed" || !opener) return;
    const back = opener;
    back.removeAttribute("aria-expanded");
    if (document.activeElement === document.body || box.contains(document.activeElement)) back.focus({preventScroll: true});
  });
  addEventListener("scroll", () => { if (box.matches(":popover-open")) place(); }, {passive: true});
})();
