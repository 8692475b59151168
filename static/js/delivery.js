// A figure's link opens the drawer with the items behind it before the page scrolls there.
function open(hash) {
  const drawer = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (drawer instanceof HTMLDetailsElement) drawer.open = true;
}
document.addEventListener("click", ({ target }) => {
  const link = target.closest?.('.against a[href^="#"]');
  if (link) open(link.hash);
});
open(location.hash);
