// One press puts a phrase at the end of its field. Without this script the form is posted, and comes back with it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-phrase]");
  const field = button && document.getElementById(button.dataset.target);
  if (!field) return;
  event.preventDefault();
  const before = field.value.trimEnd();
  field.value = before ? `${before}\n${button.dataset.phrase}` : button.dataset.phrase;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
});
