/* Saves each answer as it is given and says so. Without this script the page posts as a form.

   Nothing is kept in the browser: what could not be saved stays in its controls, and is sent again with
   their newest value. Words stand in <template> elements of the page. htmx sends; this file decides. */
(function () {
  "use strict";

  const RETRY_AFTER = 4000;
  const MOST_REFUSALS = 3;
  const ALWAYS_SENT = new Set(["question", "edition", "csrfmiddlewaretoken", "keep", "take", "clear", "undo", "offered", "not_known", "rest_no", "take_back"]);
  const SWAPPED = new Set([401, 409, 422]);
  const NOTICE = "act-first-item9";

  const form = document.getElementById("answers");
  if (!form) return;

  const edits = new Map(); // question -> number of edits so far
  const sent = new Map(); // question -> number of edits when it was last sent
  const unsaved = new Set(); // questions with an edit that no response has confirmed
  const failed = new Set(); // of these, the ones whose request did not get through
  const refused = new Set(); // of these, the ones that the server answered with a question
  let signedOut = false;
  let leaving = false;
  let goOn = null; // the button that leaves the page once every answer is saved
  let refusals = 0; // refused tokens in a row
  let timer = 0;

  const questionOf = (element) => element.closest("[data-question]");
  const nameOf = (element) => questionOf(element)?.dataset.question;
  const wrapperOf = (name) => form.querySelector(`[data-question="${CSS.escape(name)}"]`);
  const textOf = (element) => element?.textContent.trim() ?? "";
  /* unsaved.js brings these back when somebody leaves the page all the same. */
  const tellUnsaved = () => {
    form.dataset.unsaved = [...unsaved].join(" ");
  };
  const statusOf = (name) => document.getElementById(`${name}-status`);

  function show(name, template) {
    const status = statusOf(name);
    const words = document.getElementById(template);
    if (status && words) status.replaceChildren(words.content.cloneNode(true));
  }

  function tellHowMany() {
    const notice = document.getElementById("unsaved-notice");
    if (!notice) return;
    notice.hidden = failed.size === 0;
    const count = notice.querySelector("[data-count]");
    if (count && count.textContent !== String(failed.size)) count.textContent = String(failed.size);
    notice.querySelectorAll("[data-one], [data-many]").forEach((words) => {
      words.hidden = "one" in words.dataset ? failed.size !== 1 : failed.size === 1;
    });
  }

  function save(name) {
    const wrapper = wrapperOf(name);
    if (wrapper && window.htmx) window.htmx.trigger(wrapper, "save");
  }

  function retry() {
    window.clearTimeout(timer);
    timer = 0;
    if (!signedOut) failed.forEach(save);
  }

  function retryLater() {
    if (!timer) timer = window.setTimeout(retry, RETRY_AFTER);
  }

  /* The person may have signed in again in another tab; then the page needs the new token. */
  async function lookForSignIn() {
    if (!signedOut) return;
    try {
      const response = await fetch(window.location.href, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const token = page.querySelector("#answers input[name=csrfmiddlewaretoken]");
      if (!token) return;
      document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => {
        input.value = token.value;
      });
      signedOut = false;
      retry();
    } catch {
      // No connection: the next look comes with the next focus.
    }
  }

  function noteEdit(event) {
    const name = nameOf(event.target);
    if (!name) return;
    edits.set(name, (edits.get(name) || 0) + 1);
    unsaved.add(name);
    refused.delete(name);
    tellUnsaved();
  }

  /* "None of these" and "Not known" stand alone; a number and "Not known" exclude each other. */
  function keepAlone(event) {
    const wrapper = questionOf(event.target);
    if (!wrapper || event.target.type !== "checkbox" || !event.target.checked) return;
    if (wrapper.dataset.type === "choices") {
      const alone = "alone" in event.target.dataset;
      wrapper.querySelectorAll("input[type=checkbox]").forEach((box) => {
        if (box !== event.target && (alone || "alone" in box.dataset)) box.checked = false;
      });
    }
    if (wrapper.dataset.type === "integer") {
      wrapper.querySelector("input[inputmode=numeric]").value = "";
    }
  }

  function dropNotKnown(event) {
    const wrapper = questionOf(event.target);
    if (!wrapper || wrapper.dataset.type !== "integer" || !event.target.value) return;
    if (event.target.inputMode !== "numeric") return;
    wrapper.querySelectorAll("input[type=checkbox]").forEach((box) => {
      box.checked = false;
    });
  }

  function markInvalid(name) {
    const wrapper = wrapperOf(name);
    const error = document.getElementById(`${name}-error`);
    if (!wrapper || !error || wrapper.dataset.type === "card") return; // a card comes with its marks
    const wrong = error.childElementCount > 0;
    wrapper.classList.toggle("k-question--error", wrong);
    wrapper.querySelectorAll("input[aria-describedby]").forEach((input) => {
      input.toggleAttribute("aria-invalid", wrong);
      if (wrong) input.setAttribute("aria-invalid", "true");
    });
  }

  form.addEventListener("input", noteEdit);
  form.addEventListener("input", dropNotKnown);
  form.addEventListener("change", keepAlone, true);

  document.addEventListener("htmx:configRequest", (event) => {
    const name = nameOf(event.target);
    if (!name) return;
    const data = event.detail.formData;
    const names = questionOf(event.target).dataset.together?.split(" ") ?? [name];
    for (const key of [...data.keys()]) {
      const own = names.some((one) => key === one || key.startsWith(`${one}.`));
      if (!own && !ALWAYS_SENT.has(key)) data.delete(key);
    }
    if ("previous" in event.target.dataset) data.set("previous", event.target.dataset.previous);
    sent.set(name, edits.get(name) || 0);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const name = nameOf(event.target);
    if (name && !failed.has(name)) show(name, "status-saving");
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!SWAPPED.has(event.detail.xhr.status)) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false; // for htmx; whether it was saved, its status tells
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const name = nameOf(event.target) || event.detail.requestConfig?.parameters?.question;
    if (!name) return;
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) {
      signedOut = true;
      failed.add(name);
      unsaved.add(name);
      refusals += status === 403 ? 1 : 0;
      if (status === 403) show(name, "status-unsaved");
      if (status === 403 && refusals < MOST_REFUSALS) lookForSignIn();
    } else if (status === 0 || (status >= 400 && !SWAPPED.has(status))) {
      failed.add(name);
      unsaved.add(name);
      show(name, "status-unsaved");
      refusals += status > 0 && status < 500 ? 1 : 0;
      if (refusals < MOST_REFUSALS) retryLater();
      tellHowMany();
      if (goOn) document.getElementById("unsaved-notice")?.focus();
      goOn = null;
    } else {
      failed.delete(name);
      const isSaved = status >= 200 && status < 300;
      if (isSaved) refused.delete(name);
      else refused.add(name);
      refusals = 0;
      const isNewest = sent.get(name) === (edits.get(name) || 0);
      if (isSaved && isNewest) unsaved.delete(name);
      markInvalid(name);
    }
    tellUnsaved();
    tellHowMany();
    leaveWhenSaved();
  });

  /* A notice that appears below item 9, or says something new, comes into view; it takes no focus. */
  let noticed = textOf(document.getElementById(NOTICE));

  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const notice = document.getElementById(NOTICE);
    if (!notice || event.detail.target.id !== NOTICE || textOf(notice) === noticed) return;
    noticed = textOf(notice);
    if (noticed) notice.scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-save-now]")) return;
    event.preventDefault();
    failed.forEach(save);
  });

  const waiting = () => [...unsaved].filter((name) => !refused.has(name));

  function leaveWhenSaved() {
    if (!goOn || waiting().length > 0) return;
    const button = goOn;
    goOn = null;
    form.requestSubmit(button);
  }

  /* A page that cannot be reached would replace this one with all that is typed: first save, then go.
     Signed out, the post is kept on the server until the person is back. */
  form.addEventListener("submit", (event) => {
    if (signedOut || !window.htmx || waiting().length === 0) {
      leaving = true;
      return;
    }
    event.preventDefault();
    goOn = event.submitter;
    waiting().forEach(save);
  });

  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size > 0 && !leaving) event.preventDefault();
  });
  window.addEventListener("online", retry);
  window.addEventListener("focus", lookForSignIn);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") lookForSignIn();
  });
})();
