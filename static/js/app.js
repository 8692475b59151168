// Behaviour of the shell: theme, dialogs, palette, shortcuts, toasts, and what HTMX leaves to us.
// Everything here is a convenience: each page works by links and forms without it.
const root = document.documentElement;
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

// Theme: the server writes the attribute from this cookie, so that nothing flashes.
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
function switchTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  document.dispatchEvent(new CustomEvent("theme:change"));
}

// Live region: emptied first, so that the same sentence twice is read twice.
let speaking;
function announce(text) {
  const live = $("#live");
  if (!live || !text) return;
  live.textContent = "";
  clearTimeout(speaking);
  speaking = setTimeout(() => { live.textContent = text; }, 60);
}

// Toasts.
function toast(text, { error = false, url = "", label = "Open" } = {}) {
  const box = document.createElement("div");
  box.className = error ? "toast toast-error" : "toast";
  box.dataset.toast = error ? "12000" : "8000";
  const span = document.createElement("span");
  span.textContent = text;
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-ghost btn-icon", textContent: "×" });
  close.dataset.do = "dismiss";
  close.setAttribute("aria-label", "Dismiss");
  const link = /^\/(?!\/)/.test(url) && Object.assign(document.createElement("a"), { href: url, className: "btn btn-sm", textContent: label });
  box.append(span, ...(link ? [link] : []), close);
  $("#toasts")?.append(box);
}
function startToast(box) {
  let timer;
  const stop = () => clearTimeout(timer);
  const start = () => { stop(); timer = setTimeout(() => box.remove(), Number(box.dataset.toast) || 8000); };
  const rest = () => { if (!box.matches(":hover, :focus-within")) start(); };
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, () => setTimeout(rest));
  start();
  announce($("span", box)?.textContent);
}
function watchToasts(region) {
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) if (node.dataset?.toast) startToast(node);
    const all = $$(".toast", region);
    for (const old of all.slice(0, -3)) old.remove();
    // An undo that was used, or replaced by a later one, must not wait for the key Z.
    for (const form of $$("[data-undo]", region).slice(0, -1)) form.removeAttribute("data-undo");
  }).observe(region, { childList: true });
}

// Dialogs. Those of every page are made when first asked for, so that no page carries them.
function build(id, css, label, html) {
  const dialog = Object.assign(document.createElement("dialog"), { id, className: css, innerHTML: html });
  dialog.setAttribute("aria-label", label);
  document.body.append(dialog);
  return dialog;
}
function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return dialog;
  dialog.showModal();
  return dialog;
}
/** Ask before going on; resolves to true when the person agrees. */
function ask(text) {
  const dialog = $("#ask") ?? build("ask", "dialog", "Please confirm", '<form method="dialog"><div class="dialog-body"><p id="ask-text"></p></div><div class="dialog-foot"><button class="btn" value="no">Cancel</button><button class="btn btn-primary" value="yes" autofocus>Go on</button></div></form>');
  dialog.setAttribute("aria-describedby", "ask-text");
  $("#ask-text").textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

function openShortcuts() {
  import("./shortcuts.js").then(({ html }) => {
    const dialog = $("#shortcuts") ?? build("shortcuts", "dialog", "Keyboard shortcuts", html);
    $("[data-keys-switch]", dialog).checked = keysOn();
    openDialog("shortcuts");
  }, () => toast("The list of shortcuts did not load. Check the connection and try again.", { error: true }));
}

// Palette: the pages are those of the rail; teams and initiatives are searched as one types.
function buildPalette(link) {
  const dialog = build("palette", "dialog palette", "Search or jump to", '<form method="get" role="search"><input class="input" type="text" inputmode="search" name="q" id="palette-q" maxlength="100" autocomplete="off" autocapitalize="off" spellcheck="false" autofocus aria-label="Search initiatives, pages and teams" placeholder="Search or jump to…" hx-trigger="input changed delay:150ms" hx-target="#search-results" hx-sync="this:replace"></form><ul class="nav-list" data-palette-list></ul><div id="search-results" aria-live="polite"></div>');
  $("form", dialog).action = link.href;
  $("#palette-q").setAttribute("hx-get", link.getAttribute("href"));
  for (const from of $$("[data-log], [data-nav]").sort((a) => "log" in a.dataset ? -1 : 1)) {
    const item = Object.assign(document.createElement("a"), { className: "menu-item", href: from.href });
    const text = Object.assign(document.createElement("span"), { className: "text", textContent: from.textContent.trim() });
    item.append($("svg", from).cloneNode(true), text);
    if ("log" in from.dataset) {
      item.dataset.logLink = "";
      text.textContent = "Log an initiative";
      item.insertAdjacentHTML("beforeend", '<kbd class="end" aria-hidden="true">N</kbd>');
    }
    const line = document.createElement("li");
    line.append(item);
    $("[data-palette-list]", dialog).append(line);
  }
  window.htmx.process(dialog);
}
const paletteItems = () => $$("#palette .menu-item").filter((item) => item.offsetParent);
function markItem(item) {
  for (const other of $$("#palette .is-active")) other.classList.remove("is-active");
  item?.classList.add("is-active");
  item?.scrollIntoView({ block: "nearest" });
}
function filterPalette() {
  const words = $("#palette-q").value.trim().toLowerCase();
  for (const row of $$("[data-palette-list] > li")) row.hidden = !row.textContent.toLowerCase().includes(words);
  if (!words) $("#search-results")?.replaceChildren();
  markItem(paletteItems()[0]);
}
function openPalette() {
  const link = $("[data-do=palette]");
  if (!link) return false;
  if (!$("#palette")) buildPalette(link);
  openDialog("palette");
  $("#palette-q").select();
  filterPalette();
  return true;
}
let enterWaits = false;
const plain = (text) => text.trim().replace(/\s+/g, " ");
const isBehind = () => plain($("#palette-q").value) !== $("#search-results [data-q]")?.dataset.q;
function paletteKey(event) {
  const items = paletteItems();
  const at = items.findIndex((item) => item.classList.contains("is-active"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && items.length) {
    event.preventDefault();
    markItem(items[(at + step + items.length) % items.length]);
  } else if (event.key === "Enter" && items[at] && event.target.id === "palette-q") {
    event.preventDefault();
    // Who types quickly means what was typed, not what was found for its first letters.
    if (items[at].closest("#search-results") && isBehind()) enterWaits = true;
    else items[at].click();
  } else enterWaits = false;
}

// Shortcuts. A single key can be switched off in the sheet, for people who dictate.
const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type);
const keysOn = () => localStorage.getItem("keys") !== "off";
let lead = 0;
const visit = (icon) => $(`[data-nav="${icon}"]`)?.click();
const keys = {
  n: () => { const field = $("[data-quick-add]"); if (field) field.focus(); else $("[data-log]")?.click(); },
  "/": () => { const field = $("main input[type=search]"); field?.focus(); field?.select(); },
  "?": openShortcuts,
  z: () => $$("[data-undo]").at(-1)?.requestSubmit(),
  g: () => { lead = Date.now(); },
};
const afterG = { p: () => visit("portfolio"), o: () => visit("overview"), i: () => visit("initiatives") };
function onKey(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if ((event.ctrlKey || event.metaKey) && key === "k" && $("[data-do=palette]")) { event.preventDefault(); openPalette(); return; }
  if ($("#palette")?.open) { paletteKey(event); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !keysOn()) return;
  if (typing(event.target) || $("dialog[open]")) return;
  const act = Date.now() - lead < 1200 && afterG[key] || keys[key];
  if (key !== "g") lead = 0;
  if (!act) return;
  event.preventDefault();
  act();
}

const actions = {
  theme: switchTheme,
  palette: (button, event) => { if (!event.ctrlKey && !event.metaKey && openPalette()) event.preventDefault(); },
  shortcuts: (button) => { button.closest("[popover]")?.hidePopover(); openShortcuts(); },
  dismiss: (button) => button.closest(".toast")?.remove(),
  close: (button) => button.closest("dialog")?.close(),
};
/** Go where one line logs an initiative; the link itself leads to the plain form. */
function quickAdd(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const field = $("[data-quick-add]");
  const url = $("[data-log]")?.dataset.quickUrl;
  if (!field && !url) return;
  event.preventDefault();
  $("#palette")?.close();
  if (field) field.focus(); else location.assign(url);
}
function onClick(event) {
  if (event.target.closest("[data-log], [data-log-link]")) quickAdd(event);
  const opener = event.target.closest("[data-dialog]");
  if (opener && openDialog(opener.dataset.dialog)) event.preventDefault();
  const button = event.target.closest("[data-do]");
  if (button) actions[button.dataset.do]?.(button, event);
  // A click on the backdrop: the dialog itself is the target, never something in it.
  if (event.target.matches("dialog[open]") && !event.target.matches("[data-keep]")) event.target.close();
}
async function onSubmit(event) {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.agreed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!await ask(form.dataset.confirm)) return;
  form.dataset.agreed = "yes";
  form.requestSubmit(event.submitter);
  delete form.dataset.agreed;
}

// HTMX. A refused form (422) and a conflict (409) are swapped where they belong. Any other failure
// becomes a toast and leaves the page as it is, so that no typed text is lost.
const swapsAnyway = (ctx) => ctx.response.status === 409 || ctx.response.status === 422 || ctx.hx?.retarget;
function errorText(ctx) {
  const page = new DOMParser().parseFromString(ctx.text || "", "text/html");
  const found = $("[data-error]", page);
  const text = found ? $$("p", found).slice(0, 2).map((p) => p.textContent.trim()).join(". ") : "";
  return text.replace("..", ".") || "That did not work and nothing was changed. Please try again.";
}
let focusKey = "";
function beforeSwap(event) {
  const { ctx, tasks = [] } = event.detail;
  if (ctx.response?.status >= 400 && !swapsAnyway(ctx)) {
    event.preventDefault();
    toast(errorText(ctx), { error: true });
    return;
  }
  // Answers bring markup and data, never programs.
  for (const task of tasks) for (const script of task.fragment?.querySelectorAll("script") ?? []) {
    if (script.type !== "application/json") script.remove();
  }
  focusKey = document.activeElement?.closest("[data-focus-key]")?.dataset.focusKey ?? "";
}
function afterSwap() {
  const wanted = $("[data-focus]:not([data-focused])");
  if (wanted) {
    wanted.dataset.focused = "";
    wanted.focus();
  } else if (focusKey && document.activeElement === document.body) {
    $(`[data-focus-key="${CSS.escape(focusKey)}"]`)?.focus();
  }
  if (!$("#palette")?.open) return;
  markItem(paletteItems()[0]);
  if (enterWaits && !isBehind()) {
    enterWaits = false;
    $("#palette .is-active")?.click();
  }
}
const begun = new WeakMap();
function failed({ detail: { ctx, error } }) {
  // A newer request that replaces an older one is no failure; a time-out is.
  const waited = performance.now() - (begun.get(ctx) ?? 0);
  if (!ctx || ctx.response || error?.name === "AbortError" && waited < 29000) return;
  toast("The server did not answer, so nothing was saved. Check the connection and try again.", { error: true });
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("submit", onSubmit, true);
document.addEventListener("input", (event) => { if (event.target.id === "palette-q") filterPalette(); });
document.addEventListener("change", (event) => { if (event.target.matches("[data-keys-switch]")) localStorage.setItem("keys", event.target.checked ? "on" : "off"); });
document.addEventListener("htmx:before:swap", beforeSwap);
document.addEventListener("htmx:after:swap", afterSwap);
document.addEventListener("htmx:error", failed);
document.addEventListener("htmx:before:request", ({ detail }) => begun.set(detail.ctx, performance.now()));
document.addEventListener("htmx:confirm", (event) => {
  event.preventDefault();
  ask(event.detail.ctx.confirm).then((yes) => yes ? event.detail.issueRequest() : event.detail.dropRequest());
});
document.addEventListener("announce", (event) => announce(event.detail?.text ?? event.detail?.value));
document.addEventListener("toast", (event) => toast(event.detail?.text ?? event.detail?.value, event.detail));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("theme:change")));
const region = $("#toasts");
if (region) {
  for (const box of $$("[data-toast]", region)) startToast(box);
  watchToasts(region);
}
// On a phone the rail is one line that scrolls: what is open must be in sight.
const here = $(".nav [aria-current]");
if (here && here.closest(".nav").scrollWidth > here.closest(".nav").clientWidth) here.scrollIntoView({ inline: "center", block: "nearest" });
// The finding of a refused form that came as a whole page.
$("[data-focus]")?.focus();
