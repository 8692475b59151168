// The members page: a role's Save shows once the role was changed, and a button copies the link beside it.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-role]")) return;
  const changed = [...event.target.options].some((option) => option.selected !== option.defaultSelected);
  event.target.form.classList.toggle("is-changed", changed);
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = button.parentElement.querySelector("[data-copy-source]");
  source.select();
  try {
    await navigator.clipboard.writeText(source.value);
    button.textContent = "Copied";
  } catch {
    // Without a clipboard the link is marked, to be copied by hand.
    button.textContent = "Press Ctrl C";
  }
});
