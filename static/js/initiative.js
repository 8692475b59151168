// The page of one initiative: keys in its editors, write or preview, and typed text that survives
// while another part of the page is saved. All of it works by plain links and forms, too.

// An open editor is skipped when the page is renewed, but not by the answer to its own request.
// A verb takes the place of the one that is open, also where its answer is the whole page.
const skipped = (element) => element?.closest?.("[hx-morph-skip]")
  ?? (element?.matches?.("[hx-target='#turn']") ? document.querySelector("#turn[hx-morph-skip]") : null);
const asked = new WeakMap();
document.addEventListener("htmx:before:request", ({ target, detail }) => {
  const editor = skipped(target);
  if (!editor || target.matches("[data-md-do], [data-live]")) return;
  editor.removeAttribute("hx-morph-skip");
  asked.set(detail.ctx, editor);
});
document.addEventListener("htmx:finally:request", ({ detail }) => {
  const editor = asked.get(detail.ctx);
  // No new page came, so what was typed has to be kept.
  const status = detail.ctx?.response?.status ?? 0;
  const swapped = status > 0 && (status < 400 || status === 409 || status === 422);
  if (editor?.isConnected && !swapped) editor.setAttribute("hx-morph-skip", "");
});

// The input for labels stays in place, with its focus, for the next one.
document.addEventListener("htmx:after:request", ({ target, detail }) => {
  if (target.matches("[data-reset]") && detail.ctx.response?.status < 400) target.reset();
});

document.addEventListener("keydown", (event) => {
  const editor = event.target.closest?.("[data-editor]");
  if (!editor || event.defaultPrevented) return;
  if (event.key === "Escape") {
    // A text that took a while to type is not thrown away by one key.
    if (event.target.matches("textarea") && event.target.value !== event.target.defaultValue) return;
    event.preventDefault();
    editor.querySelector("[data-cancel]")?.click();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    editor.requestSubmit();
  }
});

// Links that act as buttons answer to the space bar, as buttons do.
document.addEventListener("keydown", (event) => {
  if (event.key === " " && event.target.matches?.("a[role=button]")) {
    event.preventDefault();
    event.target.click();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-md-do]");
  if (!button) return;
  const area = button.closest("[data-md]");
  area.dataset.mode = button.dataset.mdDo;
  for (const other of area.querySelectorAll("[data-md-do]")) other.setAttribute("aria-pressed", String(other === button));
  if (button.dataset.mdDo === "write") area.querySelector("textarea")?.focus();
});
