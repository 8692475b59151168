// The strip under the band's three edges follows what is typed.
function draw(scope) {
  const [lower, upper, derail] = [...scope.querySelectorAll("input")].map((field) => Math.round(Number(field.value) * 10));
  if (!(lower >= 0 && lower <= upper && upper <= derail && derail <= 1000)) return;
  const edges = [0, lower, upper, derail, 1000];
  scope.querySelectorAll("[data-zone-part]").forEach((part, index) => {
    part.setAttribute("x", edges[index]);
    part.setAttribute("width", edges[index + 1] - edges[index]);
  });
}
document.addEventListener("input", (event) => {
  const scope = event.target.closest("[data-band]");
  if (scope) draw(scope);
});
for (const scope of document.querySelectorAll("[data-band]")) draw(scope);
