// The first set-up: the browser's time zone, and a key prefix that follows the team's name.
const $ = (selector) => document.querySelector(selector);

const zone = $("[data-zone]");
const ours = Intl.DateTimeFormat().resolvedOptions().timeZone;
// Only the untouched default gives way, and only to a zone that the server knows.
if (zone && zone.value === zone.defaultValue && zone.value === "UTC" && document.querySelector(`#zones option[value="${CSS.escape(ours ?? "")}"]`)) zone.value = ours;

/** The server makes the same prefix when the field is left empty (tracker/domain/keys.py). */
function suggest(name) {
  const words = name.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toUpperCase().match(/[A-Z0-9]+/g) ?? [];
  const joined = words.length > 1 ? words.map((word) => word[0]).join("") : words.join("");
  const prefix = joined.replace(/^[0-9]+/, "").slice(0, 4);
  return prefix.length > 1 ? prefix : "";
}
const name = $("[data-team-name]");
const prefix = $("[data-key-prefix]");
let touched = Boolean(prefix?.value);
prefix?.addEventListener("input", () => { touched = prefix.value !== ""; });
name?.addEventListener("input", () => { if (!touched) prefix.value = suggest(name.value); });

// One click sends one form.
$("[data-setup]")?.addEventListener("submit", (event) => {
  const button = event.target.querySelector("[type=submit]");
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => { const button = $("[data-setup] [type=submit]"); if (button) button.disabled = false; });
