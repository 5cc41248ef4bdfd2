/* Warns two minutes before the sign-in ends, and offers to stay.

   How much time is left, only the server knows: another tab may have been in use. Asking does not
   make it last longer; pressing the button does. Without this script a form that is sent too late
   is kept until its person has signed in again. */
(function () {
  "use strict";

  const WARNED_BEFORE = 120;
  const LONGEST_WAIT = 15 * 60;
  const OVER = 401;

  const notice = document.getElementById("session-notice");
  if (!notice) return;
  const token = JSON.parse(document.body.getAttribute("hx-headers"));
  let timer = 0;

  function show(template) {
    if (notice.dataset.shows === template) return;
    notice.dataset.shows = template;
    const words = document.getElementById(template);
    notice.replaceChildren(...(words ? [words.content.cloneNode(true)] : []));
    notice.hidden = !words;
  }

  function later(seconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => ask("GET"), Math.max(1, seconds) * 1000);
  }

  function take(left) {
    if (left.seconds > WARNED_BEFORE) {
      show("");
      later(Math.min(left.seconds - WARNED_BEFORE, LONGEST_WAIT));
    } else {
      show(left.can_stay ? "session-idle" : "session-day");
      later(Math.min(left.seconds + 1, 20));
    }
  }

  async function ask(method) {
    try {
      const headers = { ...token, "HX-Request": "true" };
      const answer = await fetch(notice.dataset.address, { method, headers });
      const isOver = answer.status === OVER || answer.headers.has("HX-Redirect");
      if (isOver) show("session-over");
      else take(await answer.json());
    } catch {
      show("session-away");
      later(60);
    }
  }

  notice.addEventListener("click", (event) => {
    if (event.target.closest("[data-stay]")) ask("POST");
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && notice.dataset.shows !== "session-over") ask("GET");
  });
  ask("GET");
})();
