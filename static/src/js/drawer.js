/* After the drawer of a source was closed, the focus goes back to the link that had opened it. */
document.addEventListener("htmx:afterSettle", (event) => {
  const opener = event.detail.requestConfig?.elt?.dataset?.returnsFocus;
  if (opener) document.getElementById(opener)?.focus();
});
