// One press copies the text at the address of a link. Without this script the link opens it, to be copied by hand.
"use strict";

async function textAt(address) {
  const answer = await fetch(address);
  const isText = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
  if (!answer.ok || answer.redirected || !isText) throw new Error("no text");
  return answer.text();
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy-text]");
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || !navigator.clipboard) return;
  event.preventDefault();
  const said = link.parentElement.querySelector("[data-copied]");
  said.textContent = "";
  try {
    await navigator.clipboard.writeText(await textAt(link.href));
    said.textContent = "Copied. Paste it into the record.";
  } catch {
    window.location.assign(link.href);
  }
});
