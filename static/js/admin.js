// The admin panel: ticking rows, adding rows to a form, closing menus. All of it works without.
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

// Lists: tick all, count what is ticked, and offer everything that matches.
function watchRows(bar) {
  const boxes = $$("input.action-select");
  const toggle = document.getElementById("action-toggle");
  const across = bar.querySelector("[data-across]");
  const hidden = bar.querySelector("[name=select_across]");
  const count = bar.querySelector("[data-count]");
  let last = null;
  function show() {
    const ticked = boxes.filter((box) => box.checked).length;
    const all = ticked === boxes.length;
    if (!all) hidden.value = "0";
    const taken = hidden.value === "1" ? bar.dataset.all : ticked;
    count.textContent = ticked ? `${taken} chosen` : "";
    if (toggle) Object.assign(toggle, { checked: all, indeterminate: ticked > 0 && !all });
    if (across) across.hidden = !all || hidden.value === "1";
  }
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      // With Shift, everything between the last tick and this one follows.
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      if (event.shiftKey && last) for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
      last = box;
      show();
    });
  }
  toggle?.addEventListener("change", () => { for (const box of boxes) box.checked = toggle.checked; show(); });
  across?.addEventListener("click", () => { hidden.value = "1"; show(); count.focus?.(); });
  addEventListener("pageshow", show);
  show();
}

// Forms: one more row of an inline, numbered by Django's management form.
function addRow(button) {
  const group = button.closest("[data-inline]");
  const total = document.getElementById(`id_${group.dataset.inline}-TOTAL_FORMS`);
  const row = group.querySelector("template").content.querySelector("tr").cloneNode(true);
  for (const part of $$("*", row)) {
    for (const attribute of [...part.attributes]) {
      attribute.value = attribute.value.replaceAll("__prefix__", total.value);
    }
  }
  group.querySelector("tbody").append(row);
  total.value = String(Number(total.value) + 1);
  row.querySelector("input:not([type=hidden]), select")?.focus();
}

function closeMenus(except) {
  for (const menu of $$("details.pick[open]")) if (menu !== except) menu.open = false;
}

for (const bar of $$("[data-actions]")) watchRows(bar);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (button) addRow(button);
  if (event.target.matches("[data-select]")) event.target.select();
  closeMenus(event.target.closest("details.pick"));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.activeElement?.closest("details.pick[open]");
  closeMenus();
  open?.querySelector("summary").focus();
});
