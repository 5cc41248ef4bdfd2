/* One card after another by digits, arrows and presses. autosave.js sends, tries again and warns; this
   file only says what was pressed. Without it the card posts as a form.

   Digits work while the focus is inside the card, so that they disturb nothing else on the page. */
(function () {
  "use strict";

  const SETTLES = 300; // a second press so soon after a card came was meant for the one before
  const ALSO_SHOWN = 96; // pixels of the answer so far, below a card on a phone

  const form = document.getElementById("answers");
  if (!form || !window.htmx) return;

  let arrived = 0;
  const card = () => document.getElementById("card");
  const notice = document.getElementById("unsaved-notice");
  const isFresh = () => performance.now() - arrived < SETTLES;
  const rows = () => [...card().querySelectorAll("[data-row]")];

  /* Whether the lower edge of a row is on the screen, and nothing lies over it. */
  function isSeen(row) {
    const box = row.getBoundingClientRect();
    return row.contains(document.elementFromPoint(box.left + box.width / 2, box.bottom - 2));
  }

  /* What was pressed stays in the card as a hidden control, so that a later try sends it, too. */
  function say(button) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = button.name;
    input.value = button.value;
    input.dataset.said = "";
    card().append(input);
    rows().forEach((row) => {
      if (row.hasAttribute("aria-pressed")) row.setAttribute("aria-pressed", String(row === button));
    });
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function press(button) {
    if (isFresh()) return;
    card().querySelectorAll("[data-said]").forEach((input) => input.remove());
    if (button && button.name !== "next") say(button);
    window.htmx.trigger(card(), "save");
  }

  form.addEventListener(
    "submit",
    (event) => {
      if (event.submitter?.hasAttribute("hx-post")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      press(event.submitter);
    },
    true,
  );

  /* "None of these" says everything: it goes on by itself. */
  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type !== "checkbox") return;
    const alone = "alone" in box.dataset;
    if (!box.checked) return;
    card().querySelectorAll("input[type=checkbox]").forEach((other) => {
      if (other !== box && (alone || "alone" in other.dataset)) other.checked = false;
    });
    if (alone) press(null);
  });

  function move(step) {
    const all = rows();
    const here = all.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : (here + step + all.length) % all.length;
    all[next]?.focus();
  }

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!card().contains(event.target)) return;
    const isTyping = event.target.matches("input:not([type=checkbox]):not([type=radio])");
    const isRadio = event.target.type === "radio";
    if (!isTyping && !isRadio && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && (isRadio || event.target.type === "checkbox")) {
      event.preventDefault();
      press(null);
    } else if (!isTyping && !event.repeat && /^[0-9]$/.test(event.key)) {
      const row = card().querySelector(`[data-digit="${event.key}"]`);
      if (!row || isFresh()) return;
      event.preventDefault();
      const saysMore = row.name === "rest_no" && !isSeen(row); // what it says no to may be out of sight
      row.focus();
      if (!saysMore) row.click();
    }
  });

  form.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest("[data-back]") || notice.hidden) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      notice.focus();
    },
    true,
  );

  /* The newest card: its field or its question gets the focus; a notice that is news comes into view. */
  let noticed = document.getElementById("act-first")?.textContent.trim() ?? "";

  function arrive() {
    arrived = performance.now();
    const first = card().querySelector("[data-first]") ?? card().querySelector("input[type=text]");
    const ask = card().querySelector("[data-ask]");
    (first ?? ask).focus({ preventScroll: true });
    document.title = `${ask.textContent.trim()} -${document.title.split(" -").pop()}`;
    const top = card().getBoundingClientRect().top;
    if (top < 0 || top > window.innerHeight / 2) card().scrollIntoView({ block: "start" });
    const no = card().querySelector("[name=rest_no]");
    if (!no) return;
    const height = no.getBoundingClientRect().bottom - ask.getBoundingClientRect().top;
    if (height < window.innerHeight - ALSO_SHOWN) no.scrollIntoView({ block: "nearest" });
  }

  function lookForNews() {
    const block = document.getElementById("act-first");
    const words = block?.textContent.trim() ?? "";
    if (words && words !== noticed) block.scrollIntoView({ block: "nearest" });
    noticed = words;
  }

  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.id === "card") arrive();
  });
  document.addEventListener("htmx:afterSettle", lookForNews);
  arrive();
  arrived = 0;
})();
