// The plan: rows are dragged by their handle or moved by the arrow keys on it, and a month's people
// are copied down. Without it the buttons up and down and the fields do the same.
const form = () => document.getElementById("ranking");

/** Send a move as one of the form's own buttons would: "5 up", or "5 9" for before item 9. */
function send(move) {
  const button = Object.assign(document.createElement("button"), { name: "move", value: move, hidden: true });
  form().append(button);
  form().requestSubmit(button);
  button.remove();
}

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.(".grip");
  const way = { ArrowUp: event.shiftKey ? "top" : "up", ArrowDown: event.shiftKey ? "bottom" : "down" }[event.key];
  if (!grip || !way || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  send(`${grip.closest("[data-item]").dataset.item} ${way}`);
});

function sortable() {
  const body = document.querySelector("[data-ranking]");
  if (!body || !window.Sortable || window.Sortable.get(body)) return;
  window.Sortable.create(body, {
    handle: ".grip",
    draggable: "[data-item]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    ghostClass: "is-moving",
    onEnd({ item, oldIndex, newIndex }) {
      if (oldIndex === newIndex) return;
      let next = item.nextElementSibling;
      while (next && !next.dataset.item) next = next.nextElementSibling;
      send(`${item.dataset.item} ${next?.dataset.item ?? 0}`);
    },
  });
}
document.addEventListener("htmx:after:swap", sortable);
if (document.readyState === "complete") sortable();
else addEventListener("load", sortable);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-fill-down]");
  if (!button) return;
  const fields = [...document.querySelectorAll("[data-fte]")];
  const from = fields.indexOf(button.closest("tr").querySelector("[data-fte]"));
  for (const field of fields.slice(from + 1)) field.value = fields[from].value;
});
