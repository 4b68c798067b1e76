// What is typed and not saved is marked, and is not lost without a question.
"use strict";
(() => {
  const main = document.getElementById("main");
  const typed = (field) => {
    const was = field.form.elements[`was_${field.name}`];
    return field.value.trim() !== (was ? was.value : field.defaultValue).trim();
  };
  const unsaved = () => [...main.querySelectorAll("form")].filter((form) =>
    [...form.querySelectorAll("textarea[id], input[id]:not([type=checkbox]):not([type=radio])")].some(typed));
  const mark = () => {
    const found = unsaved();
    for (const form of main.querySelectorAll("form")) form.classList.toggle("unsaved", found.includes(form));
  };
  const named = (form) => form.dataset.name || (form.querySelector("label") || form).textContent.trim();
  let sent = false;

  document.addEventListener("input", mark);
  new MutationObserver(mark).observe(main, { childList: true, subtree: true });
  document.addEventListener("submit", (event) => {
    const action = event.submitter && event.submitter.getAttribute("formaction") || event.target.getAttribute("action") || "";
    const lost = unsaved().filter((form) => form !== event.target);
    const asks = /\/(approve|test)$/.test(action) || !document.getElementById("edition");
    if (lost.length && asks && !confirm(`Not saved yet: ${lost.map(named).join("; ")}. Go on without it?`)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    sent = true;
    setTimeout(() => { sent = false; }, 0);
  }, true);
  addEventListener("beforeunload", (event) => { if (!sent && unsaved().length) event.preventDefault(); });
})();
