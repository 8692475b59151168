// Imports: one click sends one form, and a changed mapping says that it was not checked yet.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-once]");
  if (!form || event.defaultPrevented) return;
  const button = event.submitter;
  // After the form's data are gathered, so that a named button is still sent.
  setTimeout(() => { if (button) { button.disabled = true; button.setAttribute("aria-busy", "true"); } });
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy=true]")) { button.disabled = false; button.removeAttribute("aria-busy"); }
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-mapping]");
  if (form) form.querySelector("[data-unchecked]")?.removeAttribute("hidden");
});
if (location.hash === "#check") document.getElementById("check")?.focus({ preventScroll: true });
