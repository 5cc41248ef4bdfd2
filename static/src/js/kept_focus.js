/* Where a part of the page is replaced while somebody works in it, the focus goes to the heading of
   the new part, so that the keyboard goes on from there. */
(function () {
  "use strict";

  let left = "";

  document.addEventListener("htmx:beforeRequest", (event) => {
    left = event.target.closest("[data-keeps-focus]")?.id ?? "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!left || document.activeElement !== document.body) return;
    document.querySelector(`#${left} [data-focused]`)?.focus();
    left = "";
  });
})();
