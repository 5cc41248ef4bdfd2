/* Opens the closed layer that a link leads into. Without this script the address does it (?open=…).
   A link within the page does not load it again, so that nothing typed is lost. */
(function () {
  "use strict";

  function openAround(id) {
    const target = id && document.getElementById(id);
    let layer = target?.closest("details");
    while (layer) {
      layer.open = true;
      layer = layer.parentElement?.closest("details");
    }
    return target;
  }

  function openFromAddress() {
    openAround(decodeURIComponent(window.location.hash.slice(1)))?.scrollIntoView();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens-layer]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const id = decodeURIComponent(link.hash.slice(1));
    if (!openAround(id)) return;
    event.preventDefault();
    if (window.location.hash === `#${id}`) document.getElementById(id).scrollIntoView();
    else window.location.hash = id;
  });

  window.addEventListener("hashchange", openFromAddress);
  if (window.location.hash) openFromAddress();
})();
