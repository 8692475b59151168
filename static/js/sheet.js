// The table of initiatives: cells by keyboard and in place, the selection and its bar. Each cell
// becomes a link to its form here; without this, key and title lead to the page of the initiative.
const sheet = document.querySelector("#sheet");
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const stops = ":scope > * > :is(.cell-btn, .row-check)";
const kept = new WeakMap(); // cell -> what stood in it before its editor
const typed = new WeakMap(); // editor -> what it held when it opened
let here = { row: "", column: 1 }; // where the tab stop is
let next = null; // where to go once an answer has been swapped: {row, field, open}

// Moving about: one tab stop for the whole grid, the arrows move it.
const rows = () => $$("#rows > tr[id]");
const stopsOf = (row) => $$(stops, row).filter((stop) => stop.offsetParent);
function place(stop, focus = true) {
  if (!stop) return;
  for (const old of $$("[data-stop]", sheet)) { old.tabIndex = -1; delete old.dataset.stop; }
  stop.tabIndex = 0;
  stop.dataset.stop = "";
  here = { row: stop.closest("tr").id, column: stopsOf(stop.closest("tr")).indexOf(stop) };
  if (focus) stop.focus();
}
function settle() {
  if (!sheet.hasAttribute("data-editable")) return;
  for (const stop of $$("#rows > tr > * > :is(.cell-btn, .row-check):not([tabindex])")) {
    stop.tabIndex = -1;
    const field = stop.parentElement.dataset.f;
    if (field) stop.href = `${$(".key-cell > a", stop.closest("tr")).href}cell/${field}/`;
  }
  if ($("[data-stop]", sheet)) return;
  const row = document.getElementById(here.row) ?? rows()[0];
  if (row) place(stopsOf(row)[Math.max(0, here.column)] ?? stopsOf(row)[0], false);
}
function move(stop, key, toEnd) {
  const row = stop.closest("tr");
  const all = rows();
  const line = stopsOf(row);
  const at = line.indexOf(stop);
  if (key === "ArrowLeft" || key === "ArrowRight") return line[at + (key === "ArrowLeft" ? -1 : 1)];
  if (key === "Home" || key === "End") {
    const goal = toEnd ? stopsOf(all.at(key === "Home" ? 0 : -1)) : line;
    return goal.at(key === "Home" ? 0 : -1);
  }
  const goal = all[all.indexOf(row) + { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[key]]
    ?? (key.startsWith("Page") ? all.at(key === "PageUp" ? 0 : -1) : undefined);
  return goal && stopsOf(goal)[at];
}
const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];
function onGridKey(event) {
  const stop = event.target.closest?.("#rows > tr > * > :is(.cell-btn, .row-check)");
  if (!stop || event.altKey || event.metaKey) return;
  if (keys.includes(event.key)) {
    const goal = move(stop, event.key, event.ctrlKey);
    event.preventDefault();
    place(goal);
  } else if (event.key === " " && stop.matches(".cell-btn")) {
    event.preventDefault();
    $(".row-check", stop.closest("tr"))?.click();
  } else if (event.key === "F2" && stop.matches(".cell-btn")) {
    event.preventDefault();
    stop.click();
  }
}

// Editors.
const openForm = () => $("#rows [data-cell]");
const contents = (form) => new URLSearchParams(new FormData(form)).toString();
const isChanged = (form) => typed.get(form) !== contents(form) || form.hasAttribute("data-refused");
const cellOf = ({ row, field }) => $(`#${CSS.escape(row)} > [data-f="${field}"]`);
const spot = (cell) => ({ row: cell.closest("tr").id, field: cell.dataset.f });
function open(cell) {
  const link = $(".cell-btn", cell);
  if (!link || cell.matches(".is-editing")) return;
  place(link, false);
  kept.set(cell, cell.innerHTML);
  cell.classList.add("is-editing");
  window.htmx.ajax("GET", link.href, { source: cell, target: cell, swap: "innerHTML" });
}
function close(form, focus = true) {
  const cell = form.closest("[data-f]");
  const theirs = $("[data-theirs]", document.getElementById(`conflict-${cell.closest("tr").id}`) ?? form);
  next = focus ? spot(cell) : null;
  if (theirs) { theirs.click(); return; }
  cell.classList.remove("is-editing");
  cell.innerHTML = kept.get(cell) ?? "";
  const stop = $(".cell-btn", cell);
  if (stop) place(stop, focus);
  settle();
}
/** Leave an editor for another place: save what was changed, forget the rest. */
function leave(form, goal) {
  if (form.matches("[data-sent]")) { next = goal; return; }
  if (isChanged(form)) {
    next = goal;
    form.requestSubmit();
    return;
  }
  close(form, false);
  next = null;
  go(goal);
}
function go(goal) {
  const cell = goal && cellOf(goal);
  if (!cell) return;
  if (goal.open) open(cell); else place($(".cell-btn", cell));
}
function neighbour(cell, step) {
  const fields = $$("#rows > tr > [data-f]").filter((other) => other.offsetParent);
  return fields[fields.indexOf(cell) + step];
}
function onEditorKey(event) {
  const form = event.target.closest?.("[data-cell]");
  if (!form || event.isComposing) return;
  const cell = form.closest("[data-f]");
  if (event.key === "Escape") {
    event.preventDefault();
    close(form);
  } else if (event.key === "Enter" && event.target.matches("select")) {
    event.preventDefault();
    next = spot(cell);
    form.requestSubmit();
  } else if (event.key === "Tab") {
    const inside = $$("input:not([type=hidden]), select, button", form).filter((field) => field.offsetParent);
    const at = inside.indexOf(event.target) + (event.shiftKey ? -1 : 1);
    if (inside[at]) return;
    event.preventDefault();
    const goal = neighbour(cell, event.shiftKey ? -1 : 1);
    leave(form, goal ? spot(goal) : spot(cell));
  }
}
function onClick(event) {
  if (event.target.closest("[data-cancel]")) { close(event.target.closest("form")); return; }
  const strip = event.target.closest("tr.conflict");
  if (event.target.closest("#rows .is-card [data-theirs]")) next = spot(event.target.closest("[data-f]"));
  if (strip && event.target.closest("a, button")) next = { row: strip.id.replace("conflict-", ""), field: strip.dataset.f };
  const link = event.target.closest("#rows .cell-btn");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const cell = link.closest("[data-f]");
  if (!cell) return; // the key leads to the page of the initiative
  event.preventDefault();
  const form = openForm();
  if (form) leave(form, { ...spot(cell), open: true }); else open(cell);
}
function onFocusOut(event) {
  const form = event.target.closest?.("[data-cell]");
  if (!form) return;
  setTimeout(() => {
    const focused = document.activeElement;
    if (!form.isConnected || form.contains(focused) || !document.hasFocus() || next || form.matches("[data-sent]")) return;
    if (focused?.closest("tr.conflict, dialog")) return;
    leave(form, null);
  }, 120);
}

// What htmx brings: an editor, a row, rows.
function refused(ctx) { return [409, 422].includes(ctx.response?.status); }
function afterSwap({ detail: { ctx } }) {
  for (const row of $$("#rows > .is-conflict")) if (!row.nextElementSibling?.matches(".conflict")) row.classList.remove("is-conflict");
  for (const strip of $$("#rows > .conflict")) strip.previousElementSibling?.classList.add("is-conflict");
  const form = openForm();
  if (form && !typed.has(form)) {
    typed.set(form, contents(form));
    if (refused(ctx)) form.setAttribute("data-refused", "");
    form.closest("[data-f]").classList.add("is-editing");
    const field = $("[data-focus]", form);
    field?.focus();
    if (field?.matches("input:not([type=date])") && !refused(ctx)) field.select();
    next = null;
  }
  settle();
  const goal = next;
  if (goal && !form) { next = null; go(goal); }
  if (ctx.target?.id === "rows" && /rows|sheet/.test(ctx.target.id)) count();
}
document.addEventListener("htmx:before:request", ({ target, detail }) => {
  const form = target.closest?.("[data-cell]");
  if (!form || detail.ctx.request.method !== "POST") return;
  form.setAttribute("data-sent", "");
  next ??= document.activeElement && form.contains(document.activeElement) ? spot(form.closest("[data-f]")) : null;
});
document.addEventListener("htmx:finally:request", ({ target }) => target.closest?.("[data-sent]")?.removeAttribute("data-sent"));

// The line that logs: what one types while the last one is on its way must not be lost.
let sentTitle = "";
const titleField = () => $("[data-quick-add]");
document.addEventListener("htmx:before:request", ({ target }) => { if (target.id === "log") sentTitle = titleField().value; });
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.id !== "log" || refused(ctx)) return;
  const more = titleField().value;
  if (more !== sentTitle) ctx.moreTyped = more.startsWith(sentTitle) ? more.slice(sentTitle.length) : more;
});

// The selection.
const checks = () => $$("#rows .row-check");
function count() {
  const bar = $("#bulk");
  if (!bar) return;
  const chosen = checks().filter((box) => box.checked).length;
  const all = checks().length;
  const everything = $("[name=everything]", bar);
  bar.hidden = !chosen;
  if (everything) {
    if (chosen < all) everything.checked = false;
    everything.closest("label").hidden = chosen < all;
  }
  $("[data-count]", bar).textContent = everything?.checked ? "All selected" : `${chosen} selected`;
  const box = $("#check-all");
  if (box) { box.checked = all > 0 && chosen === all; box.indeterminate = chosen > 0 && chosen < all; }
}
function select(on) {
  for (const box of checks()) box.checked = on;
  const everything = $("#bulk [name=everything]");
  if (everything && !on) everything.checked = false;
  count();
}
let lastBox = null;
function onCheck(event) {
  if (event.target.id === "check-all") select(event.target.checked);
  else if (event.target.matches(".row-check, [name=everything]")) count();
}
function onBoxClick(event) {
  if (!event.target.matches("#rows .row-check")) return;
  const all = checks();
  if (event.shiftKey && lastBox?.isConnected) {
    const [from, to] = [all.indexOf(lastBox), all.indexOf(event.target)].sort((a, b) => a - b);
    for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
  }
  lastBox = event.target;
}

if (sheet) {
  if (sheet.hasAttribute("data-editable")) {
    sheet.setAttribute("role", "grid");
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onGridKey);
    document.addEventListener("keydown", onEditorKey);
    // Need and trigger come last in the line that logs: Enter there adds it, as in its other fields.
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.form?.id !== "log" || !event.target.matches("select")) return;
      event.preventDefault();
      event.target.form.requestSubmit();
    });
    sheet.addEventListener("focusout", onFocusOut);
    sheet.addEventListener("focusin", (event) => {
      const stop = event.target.closest("#rows > tr > * > :is(.cell-btn, .row-check)");
      if (stop && !("stop" in stop.dataset)) place(stop, false);
    });
    document.addEventListener("change", onCheck);
    document.addEventListener("click", onBoxClick);
    settle();
    count();
  }
  document.addEventListener("htmx:after:swap", (event) => {
    afterSwap(event);
    const { ctx } = event.detail;
    if (ctx.moreTyped) titleField().value = ctx.moreTyped;
    if (ctx.sourceElement?.id === "search" || ctx.sourceElement?.id === "bulk") { lastBox = null; }
    count();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-unselect]")) select(false); });
  // Enter in a field of the bar does what its menu is for.
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("#bulk [popover]");
    if (!menu || event.key !== "Enter" || event.target.matches("button")) return;
    event.preventDefault();
    $("[data-apply]", menu).click();
  });
  document.addEventListener("submit", (event) => {
    event.submitter?.closest("[popover]")?.hidePopover();
    if (event.target.matches("#filter form")) event.target.closest("[popover]").hidePopover();
  });
  // An undo that was used leaves with its notice.
  document.addEventListener("htmx:after:request", ({ target, detail }) => {
    if (target.matches?.("[data-undo]") && detail.ctx.response?.status < 400) target.closest(".toast")?.remove();
  });
}
