/* Asks before something typed is left unsaved, and brings it back by Back or a reload.

   Nothing is kept in the browser: what is left behind goes to the server, encrypted, for half an hour and
   for its person alone; passwords and one-time codes never do. A browser sends little once a page is left,
   so what is long goes while it is typed. Forms that save themselves say here what is not saved: autosave.js by data-unsaved,
   htmx by the answers to its requests. */
(function () {
  "use strict";

  const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "code"]);
  const SECRET = "input[type=password], input[type=file], [autocomplete=one-time-code], [autocomplete$=-password]";
  const MOST_WHEN_LEFT = 60000; // bytes; browsers send 64 KiB at most
  const PAUSE = 2000; // milliseconds without typing
  const notice = document.getElementById("unsaved-back");
  if (!notice) return;
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
  const address = notice.dataset.address;
  const clean = new WeakMap(); // form -> what it held when it was last known to be saved
  const sending = new WeakMap(); // form -> what htmx is sending right now
  let submitting = null;

  const forms = () => [...document.querySelectorAll("main form[method=post]:not([role=search], [data-unguarded])")];
  const savesItself = (form) => form.id === "answers";
  const holdsSomething = (form) => [...form.elements].some((one) => !["hidden", "submit", "button", "password", "fieldset"].includes(one.type));

  /* The answer to a form that was not taken: nothing on it is saved, however it looks. */
  const [navigation] = performance.getEntriesByType("navigation");
  const isRefusedPage = [409, 422].includes(navigation?.responseStatus) || document.querySelector("main .nhsuk-error-summary") !== null;

  function fieldsOf(form) {
    const secret = new Set([...form.querySelectorAll(SECRET)].map((one) => one.name));
    return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !secret.has(name) && !NEVER_KEPT.has(name));
  }
  const contentOf = (form) => JSON.stringify(fieldsOf(form));

  /* A page that came back with what was typed (data-not-saved) has saved none of it. */
  function watch() {
    forms().forEach((form) => {
      if (!clean.has(form)) clean.set(form, "notSaved" in form.dataset ? "" : contentOf(form));
    });
  }

  function isUnsaved(form) {
    if (savesItself(form)) return Boolean(form.dataset.unsaved);
    return holdsSomething(form) && (isRefusedPage || clean.get(form) !== contentOf(form));
  }

  /* Of a form that saves itself, only what it has not saved. */
  function keptOf(form) {
    if (!savesItself(form)) return fieldsOf(form);
    const names = new Set(form.dataset.unsaved.split(" "));
    return fieldsOf(form).filter(([name]) => names.has(name.split(".")[0]));
  }

  /* What another form of the page holds is lost with it, unless the page is the answer to a refused one. */
  const left = () => (submitting && isRefusedPage ? [] : forms().filter((form) => form !== submitting && isUnsaved(form)));

  const isLong = (fields) => new TextEncoder().encode(JSON.stringify(fields)).length > MOST_WHEN_LEFT;

  function tell(fields) {
    const data = new FormData();
    data.set("page", location.pathname);
    data.set("fields", JSON.stringify(fields));
    const sent = fetch(address, { method: "POST", body: data, headers, keepalive: !isLong(fields) });
    sent.then((answer) => (document.getElementById("unsaved-too-long").hidden = answer.status !== 413)).catch(() => {});
  }

  document.addEventListener("submit", (event) => {
    submitting = event.target;
  });
  let pause = null;
  document.addEventListener("input", () => {
    submitting = null;
    clearTimeout(pause);
    pause = setTimeout(keepWhatIsLong, PAUSE);
  });

  window.addEventListener("beforeunload", (event) => {
    if (left().some((form) => !savesItself(form))) event.preventDefault();
  });

  let isKept = false;
  function whatIsLeft() {
    const all = forms();
    return left().flatMap((form) => keptOf(form).map(([name, value]) => [all.indexOf(form), name, value]));
  }

  function keepWhatIsLong() {
    const kept = whatIsLeft();
    if (!isLong(kept)) return;
    isKept = true;
    tell(kept);
  }

  window.addEventListener("pagehide", () => {
    clearTimeout(pause);
    const kept = whatIsLeft();
    if (kept.length > 0 || isKept) tell(kept);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) sending.set(form, contentOf(form));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    const status = event.detail.xhr.status;
    if (form && status >= 200 && status < 300 && sending.has(form)) clean.set(form, sending.get(form));
  });
  document.addEventListener("htmx:load", (event) => {
    watch();
    const refused = event.detail.elt.querySelector?.(".nhsuk-error-message")?.closest("form");
    if (refused) clean.set(refused, "");
  });

  function bringBack(fields) {
    const all = forms();
    const changed = new Set();
    const used = new Map();
    const byControl = new Map();
    fields.forEach(([place, name, value]) => {
      const key = `${place} ${name}`;
      byControl.set(key, [...(byControl.get(key) ?? []), value]);
    });
    byControl.forEach((values, key) => {
      const [place, name] = key.split(" ");
      const form = all[Number(place)];
      const controls = form ? [...form.elements].filter((one) => one.name === name) : [];
      controls.forEach((control) => {
        if (["submit", "button", "password", "file"].includes(control.type)) return;
        if (["radio", "checkbox"].includes(control.type)) {
          control.checked = values.includes(control.value);
        } else {
          const at = used.get(key) ?? 0;
          used.set(key, at + 1);
          if (values[at] !== undefined) control.value = values[at];
        }
        changed.add(control);
      });
      if (form) unticked(form, fields, Number(place));
    });
    changed.forEach((control) => control.dispatchEvent(new Event("input", { bubbles: true })));
    notice.hidden = changed.size === 0;
    changed.forEach((control) => {
      for (let layer = control.closest("details"); layer; layer = layer.parentElement.closest("details")) layer.open = true;
    });
  }

  /* What was ticked on the page and not in what was left had been unticked. */
  function unticked(form, fields, place) {
    if (savesItself(form)) return;
    const names = new Set(fields.filter((one) => one[0] === place).map((one) => one[1]));
    [...form.elements].forEach((control) => {
      if (control.type === "checkbox" && !names.has(control.name)) control.checked = false;
    });
  }

  async function lookForKept() {
    if (!["back_forward", "reload"].includes(navigation?.type)) return;
    try {
      const answer = await fetch(`${address}?${new URLSearchParams({ page: location.pathname })}`, { headers });
      const { fields } = await answer.json();
      if (fields.length === 0) return;
      isKept = true;
      bringBack(fields);
    } catch {
      // Away, or signed out: the page is as it is.
    }
  }

  watch();
  lookForKept();
})();
