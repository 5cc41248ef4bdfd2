/* Takes a letter along and then shows where it is now. Without this script the browser downloads it by the
   form, and the page says where the letter was before. */
(function () {
  "use strict";

  const nameIn = (answer) => /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];

  function download(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /* Only what says where the letter is: whatever is typed on the page stays. */
  async function showWhereItIs() {
    const answer = await fetch(window.location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-where]").forEach((here) => {
      const now = page.querySelector(`[data-where="${here.dataset.where}"]`);
      if (now) here.replaceChildren(...now.childNodes);
    });
    const seen = page.querySelector("input[name=seen_version]")?.value;
    document.querySelectorAll("input[name=seen_version]").forEach((input) => {
      if (seen && input.value) input.value = seen;
    });
    const choices = page.querySelector("[data-next-steps]");
    if (choices && !document.querySelector("[data-next-steps] input[type=radio]:checked")) {
      document.querySelector("[data-next-steps]")?.replaceChildren(...choices.childNodes);
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-export]");
    if (!form) return;
    event.preventDefault();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const name = answer.ok && nameIn(answer);
      if (name) {
        download(await answer.blob(), name);
        await showWhereItIs();
      } else {
        window.location.assign(answer.url);
      }
    } catch {
      form.submit();
    }
  });
})();
