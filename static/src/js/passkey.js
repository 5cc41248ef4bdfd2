/* Says what happened when the browser gave no passkey: allauth's scripts ask for it, and only log
   what went wrong. The words stand in templates of the page. */
(function () {
  "use strict";

  const CANCELLED = "NotAllowedError";
  const KNOWN_ALREADY = "InvalidStateError";

  function show(template) {
    const words = document.getElementById(template);
    const place = document.getElementById("passkey-problem");
    if (!words || !place) return;
    place.replaceChildren(words.content.cloneNode(true));
    place.hidden = false;
  }

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const name = event.detail.exception.name;
    if (name === CANCELLED) show("passkey-cancelled");
    else if (name === KNOWN_ALREADY) show("passkey-known");
    else show("passkey-failed");
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
    for (const part of document.querySelectorAll("[data-without-passkey]")) part.hidden = true;
  });
})();
